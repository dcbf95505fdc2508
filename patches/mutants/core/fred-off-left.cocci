// SPDX-License-Identifier: GPL-2.0-only
// Without FRED the MSRs that only FRED makes useless are left to the guest.
@@
@@
 kvm_define_shared_msr(...)
 {
 <...
-if (kvm_user_mode_uses(...))
+if (msr != MSR_LSTAR && msr != MSR_CSTAR && msr != MSR_SYSCALL_MASK)
	global->user |= ...;
 ...>
 }
