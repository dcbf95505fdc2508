// SPDX-License-Identifier: GPL-2.0-only
// Only the first dirty slot is restored.
@@
identifier dirty;
@@
 kvm_restore_shared_msrs(...)
 {
 <...
-dirty &= dirty - 1
+dirty = 0
 ...>
 }
