// SPDX-License-Identifier: GPL-2.0-only
// Two VMs whose numbers differ in their upper halves are taken for one.
@@
typedef u64, u32;
@@
 struct kvm_shared_msrs {
 ...
-u64 owner;
+u32 owner;
 ...
 };
