// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL_MASK is not loaded.
@@
@@
 vmx_setup_shared_msrs(...)
 {
 <...
 active |= vmx_shared_msr_bit(MSR_STAR) | vmx_shared_msr_bit(MSR_LSTAR)
-	  | vmx_shared_msr_bit(MSR_SYSCALL_MASK)
 	  ;
 ...>
 }
