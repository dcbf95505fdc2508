// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL_MASK takes reserved bits while it is not active.
@@
expression slot, data;
@@
-if (slot == kvm_find_shared_msr(MSR_SYSCALL_MASK) && data >> 32)
-	return 1;
