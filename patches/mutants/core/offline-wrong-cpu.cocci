// SPDX-License-Identifier: GPL-2.0-only
// Every CPU restores the first one's area.
@@
identifier smsrs;
@@
 kvm_shared_msr_cpu_offline(...)
 {
-struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
+struct kvm_shared_msrs *smsrs = per_cpu_ptr(shared_msrs, 0);
 ...
 }
