// SPDX-License-Identifier: GPL-2.0-only
// What was behind a gate counts as loaded where the rest was.
@@
expression vmx;
@@
 vmx_demand_open_gates(...)
 {
 ...
-vmx_renew_shared_msrs(vmx);
 ...
 }
