// SPDX-License-Identifier: GPL-2.0-only
// Gates stay closed when they should open.
@@
@@
 vmx_demand_open(...)
 {
 ...
-vmx_demand_set_gates(vmx, gated);
 ...
 }
