// SPDX-License-Identifier: GPL-2.0-only
// Slot 0 is not sampled.
@@
identifier slot;
statement S;
@@
 kvm_shared_msr_cpu_online(...)
 {
 ...
-for (slot = 0; slot < shared_msrs_global.nr; slot++)
+for (slot = 1; slot < shared_msrs_global.nr; slot++)
 S
 ...
 }
