// SPDX-License-Identifier: GPL-2.0-only
// The comparison knows the mask, the writes of a set do not.
@@
identifier smsrs, slot, value, msrs;
@@
 kvm_load_shared_msrs(const struct kvm_shared_msr *msrs, ...)
 {
 <...
-kvm_write_shared_msr(smsrs, slot, value)
+kvm_write_shared_msr(smsrs, slot, msrs[slot].data)
 ...>
 }
