// SPDX-License-Identifier: GPL-2.0-only
// Another CPU's slots are read back.
@@
@@
 kvm_read_back_shared_msrs(...)
 {
-struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
+struct kvm_shared_msrs *smsrs = per_cpu_ptr(shared_msrs, 0);
 ...
 }
