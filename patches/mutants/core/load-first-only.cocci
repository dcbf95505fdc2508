// SPDX-License-Identifier: GPL-2.0-only
// Of a set only the first value is loaded.
@@
identifier slots;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-slots &= slots - 1
+slots = 0
 ...>
 }
