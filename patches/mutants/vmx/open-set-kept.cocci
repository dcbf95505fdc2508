// SPDX-License-Identifier: GPL-2.0-only
// What was behind a gate counts as loaded where the rest was.
@@
@@
 vmx_demand_open(...)
 {
 ...
-kvm_shared_msrs_changed(...);
 ...
 }
