// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL_MASK takes reserved bits while it is not active.
@@
expression vmx, msr, data;
@@
-if (msr == vmx_find_shared_msr(vmx, MSR_SYSCALL_MASK) && data >> 32)
-	return 1;
