// SPDX-License-Identifier: GPL-2.0-only
// Nobody knows which gates are closed.
@@
@@
 vmx_demand_set_gates(...)
 {
 ...
-vmx->demand.gated = gated;
 ...
 }
