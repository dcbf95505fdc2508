# SPDX-License-Identifier: GPL-2.0
# Give Bochs 3.0 TSX_CTRL: a feature "tsx_ctrl", which a CPU has with add_features=tsx_ctrl only.
# bochs.sh applies this to the files of cpu/ that are named here.

# decoder/features.h, cpuid.cc, msr.cc: the feature, RTM in CPUID, TSX_CTRL in ARCH_CAPABILITIES
/^x86_feature(BX_ISA_RAO_INT/a\
x86_feature(BX_ISA_TSX_CTRL, "tsx_ctrl")
/BX_ISA_INVPCID)/i\
  if (is_cpu_extension_supported(BX_ISA_TSX_CTRL))\
    ebx |= BX_CPUID_STD7_SUBLEAF0_EBX_RTM;
/= 0x1F;/a\
      if (is_cpu_extension_supported(BX_ISA_TSX_CTRL))\
        val64 |= 1 << 7;

# init.cc: the MSR, which is 0 at reset, and has bits 0 (RTM_DISABLE) and 1 (CPUID_CLEAR)
/ load_MSRs(msrs/a\
  if (BX_CPUID_SUPPORT_ISA_EXTENSION(BX_ISA_TSX_CTRL))\
    BX_CPU_THIS_PTR msrs[0x122] = new MSR(0x122, 0u, 0, ~Bit64u(3));

# decoder/fetchdecode_opmap.h, decoder/ia_opcodes.def, cpu.h, proc_ctrl.cc: XBEGIN with a 32-bit
# offset, and XTEST, which glibc uses on a CPU with RTM. A transaction may abort at any time, and
# here all do, but for an empty one while RTM is not disabled: one step takes XBEGIN and XEND. So no
# other instruction is ever in a transaction, and there is no XEND and no XABORT besides.
/ BxOpcodeTableC7\[/a\
  form_opcode(ATTR_MODC0 | ATTR_NNN7 | ATTR_RRR0 | ATTR_OS32_64, BX_IA_XBEGIN),
/ BxOpcodeTable0F01\[/a\
  form_opcode(ATTR_MODC0 | ATTR_NNN2 | ATTR_RRR6 | ATTR_SSE_NO_PREFIX, BX_IA_XTEST),
/(BX_IA_RDPID_Ed,/a\
bx_define_opcode(BX_IA_XBEGIN, "xbegin", "xbegin", &BX_CPU_C::BxError, &BX_CPU_C::XBEGIN, BX_ISA_TSX_CTRL, OP_Jd, OP_NONE, OP_NONE, OP_NONE, BX_TRACE_END)\
bx_define_opcode(BX_IA_XTEST, "xtest", "xtest", &BX_CPU_C::BxError, &BX_CPU_C::XTEST, BX_ISA_TSX_CTRL, OP_NONE, OP_NONE, OP_NONE, OP_NONE, 0)
/ void RDPID_Ed(/a\
  BX_SMF void XBEGIN(bxInstruction_c *) BX_CPP_AttrRegparmN(1);\
  BX_SMF void XTEST(bxInstruction_c *) BX_CPP_AttrRegparmN(1);
/::RDPID_Ed(/i\
void BX_CPP_AttrRegparmN(1) BX_CPU_C::XBEGIN(bxInstruction_c *i)\
{\
  bx_address next = RIP + BX_CPU_THIS_PTR eipPageBias;\
\
  if (!(BX_CPU_THIS_PTR msrs[0x122]->get64() & 1) && next + 3 <= BX_CPU_THIS_PTR eipPageWindowSize &&\
      !memcmp(BX_CPU_THIS_PTR eipFetchPtr + next, "\\x0f\\x01\\xd5", 3)) {\
    RIP += 3;\
  } else {\
    RAX = 0;\
    RIP += (Bit32s) i->Id();\
  }\
  BX_NEXT_TRACE(i);\
}\
\
void BX_CPP_AttrRegparmN(1) BX_CPU_C::XTEST(bxInstruction_c *i)\
{\
  clearEFlagsOSZAPC();\
  assert_ZF();\
  BX_NEXT_INSTR(i);\
}\

