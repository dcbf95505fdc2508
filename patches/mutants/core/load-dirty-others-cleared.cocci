// SPDX-License-Identifier: GPL-2.0-only
// Only the slots of the set that is loaded last count as dirty.
@@
identifier smsrs;
expression slots;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-smsrs->dirty |= slots;
+smsrs->dirty = slots;
 ...>
 }
