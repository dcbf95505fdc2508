// SPDX-License-Identifier: GPL-2.0-only
// Every CPU uses the first one's area when a set is loaded.
@@
identifier smsrs;
@@
 kvm_load_shared_msrs(...)
 {
-struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
+struct kvm_shared_msrs *smsrs = per_cpu_ptr(shared_msrs, 0);
 ...
 }
