// SPDX-License-Identifier: GPL-2.0-only
// A guest's values count as held where the first one is.
@@
@@
 kvm_shared_msrs_hold(...)
 {
 <...
-slots &= slots - 1
+slots = 0
 ...>
 }
