// SPDX-License-Identifier: GPL-2.0-only
// One slot too many is sampled.
@@
identifier slot;
statement S;
@@
 kvm_shared_msr_cpu_online(...)
 {
 ...
-for (slot = 0; slot < shared_msrs_global.nr; slot++)
+for (slot = 0; slot <= shared_msrs_global.nr; slot++)
 S
 ...
 }
