// SPDX-License-Identifier: GPL-2.0-only
// All slots are restored, clean ones too.
@@
identifier smsrs, slots;
@@
 kvm_restore_shared_msrs(...)
 {
 ...
-slots &= smsrs->dirty;
+slots &= BIT(shared_msrs_global.nr) - 1;
 ...
 }
