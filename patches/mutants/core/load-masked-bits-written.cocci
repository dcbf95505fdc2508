// SPDX-License-Identifier: GPL-2.0-only
// The comparison knows the mask, the writes of a set do not.
@@
expression slot, value;
identifier msrs;
@@
 kvm_load_shared_msrs(const struct kvm_shared_msr *msrs, ...)
 {
 <...
-wrmsrl_safe(shared_msrs_global.msrs[slot], value)
+wrmsrl_safe(shared_msrs_global.msrs[slot], msrs[slot].data)
 ...>
 }
