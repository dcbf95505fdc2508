// SPDX-License-Identifier: GPL-2.0-only
// All slots are restored, clean ones too.
@@
identifier smsrs, dirty;
@@
 kvm_restore_shared_msrs(...)
 {
 <...
-dirty = smsrs->dirty
+dirty = BIT(shared_msrs_global.nr) - 1
 ...>
 }
