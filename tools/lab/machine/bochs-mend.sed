# SPDX-License-Identifier: GPL-2.0
# Mend two faults of Bochs 3.0. bochs.sh applies this to the files that are named here.

# main.cc: an exception and a VM-exit end with a jump back to the main loop. With one CPU the loop
# then notes where the next instruction is (prev_rip). With several CPUs it does not. If that
# instruction faults itself, or a VM-exit comes before it, the guest goes on at the instruction that
# raised the exception, on the stack of the exception's handler.
/^ *BX_CPU(processor)->icount++;/a\
          BX_CPU(processor)->prev_rip = BX_CPU(processor)->get_instruction_pointer();\
          BX_CPU(processor)->speculative_rsp = false;
# Which CPU that was, the compiler has to read from memory: the jump brings back older registers.
/executed = 0, processor = 0;/s/Bit32u/volatile Bit32u/

# cpu/vmx.cc: VM-entry decides which interrupts EFLAGS.IF masks before it notes that the CPU is in a
# guest. So a guest that is entered with IF clear keeps all interrupts from the host until it sets
# IF (SDM volume 3, "External-interrupt exiting").
/^ *BX_CPU_THIS_PTR in_vmx_guest = true;/a\
  handleInterruptMaskChange();
