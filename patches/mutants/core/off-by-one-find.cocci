// SPDX-License-Identifier: GPL-2.0-only
// Slot 0 is never found.
@@
identifier slot;
statement S;
@@
 kvm_find_shared_msr(...)
 {
 ...
-for (slot = 0; slot < shared_msrs_global.nr; slot++)
+for (slot = 1; slot < shared_msrs_global.nr; slot++)
 S
 ...
 }
