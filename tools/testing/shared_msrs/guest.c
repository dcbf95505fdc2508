// SPDX-License-Identifier: GPL-2.0-only
/* What guests execute. */
#include <string.h>

#include "guest.h"

const struct insn insns[INSNS] = {
	[INSN_SYSCALL] = { "SYSCALL", { 0x0f, 0x05 }, 2, SYSCALL, SYSCALL },
	[INSN_RDTSCP] = { "RDTSCP", { 0x0f, 0x01, 0xf9 }, 3, TSC_AUX, TSC_AUX },
	[INSN_UD2] = { "UD2", { 0x0f, 0x0b }, 2, GENUINE, 0 },
	[INSN_HLT] = { "HLT", { 0xf4 }, 1, 0, 0 },
	[INSN_SYSRET] = { "SYSRETQ", { 0x48, 0x0f, 0x07 }, 3, SYSCALL, SYSCALL },
	[INSN_RDPID] = {
		"RDPID", { 0xf3, 0x0f, 0xc7, 0xf9 }, 4, TSC_AUX, TSC_AUX
	},
	[INSN_RDSEED] = { "RDSEED", { 0x0f, 0xc7, 0xf9 }, 3, GENUINE, 0 },
	[INSN_SENDUIPI] = {
		"SENDUIPI", { 0xf3, 0x0f, 0xc7, 0xf0 }, 4, GENUINE, 0
	},
	[INSN_XGETBV] = { "XGETBV", { 0x0f, 0x01, 0xd0 }, 3, GENUINE, 0 },
	[INSN_AAM] = { "AAM", { 0xd4, 0x0a }, 2, GENUINE, 0 },
	[INSN_LOCK] = {
		"SYSCALL with a LOCK prefix", { 0xf0, 0x0f, 0x05 }, 3, GENUINE, 0
	},
	[INSN_PREFIXES] = {
		"prefixes", { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67,
			      0xf2, 0xf3, 0x40, 0x4f, 0x66, 0x66, 0x66 },
		15, GENUINE, 0
	},
	[INSN_HIDDEN] = { "SYSCALL, unreadable,", { }, 0, SYSCALL, ALL },
	[INSN_HALF_HIDDEN] = {
		"RDTSCP, unreadable from its third byte on,",
		{ 0x0f, 0x01 }, 2, TSC_AUX, ALL
	},
	[INSN_HIDDEN_GENUINE] = {
		"AAM, unreadable,", { }, 0, GENUINE, ALL
	},
	[INSN_ENCLAVE] = {
		"RDTSCP in an enclave", { 0x0f, 0x01, 0xd7 }, 3, TSC_AUX, ALL,
		.enclave = true
	},
	[INSN_REWRITTEN] = {
		"SYSCALL, rewritten since,", { 0xf4 }, 1, SYSCALL, 0,
		.then = INSN_HLT
	},
};

const struct insn *insn;

/* Intel SDM volume 3, "Basic VM-Exit Information" */
u32 vmcs_read32(unsigned long field)
{
	if (field != VM_EXIT_REASON)
		violation(0, "nobody knows field 0x%lx of the VMCS", field);
	if (!insn)
		return vcpu_wrmsr_exited ? EXIT_REASON_MSR_WRITE : 0;
	return insn->enclave ? BIT(27) : 0;
}

int kvm_read_guest_virt(struct kvm_vcpu *vcpu, unsigned long address, void *to,
			unsigned int bytes, struct x86_exception *exception)
{
	if (this_cpu()->preempt_count || this_cpu()->irqs_off)
		violation(0, "guest memory is read where that must not sleep");
	sim_point("while the instruction is read");
	if (address + bytes > insn->length)
		return 1;
	memcpy(to, insn->bytes + address, bytes);
	return 0;
}
