// SPDX-License-Identifier: GPL-2.0-only
// With FRED, what user mode does not use stays when the CPU disables virtualization.
@@
expression smsrs;
@@
 kvm_shared_msr_cpu_offline(...)
 {
 <...
-kvm_restore_shared_msrs(smsrs, ~0ul)
+kvm_restore_shared_msrs(smsrs, shared_msrs_global.user)
 ...>
 }
