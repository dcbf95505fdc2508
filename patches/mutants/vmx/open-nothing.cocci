// SPDX-License-Identifier: GPL-2.0-only
// Gates stay as they are when they are to be opened.
@@
@@
 vmx_demand_open(...)
 {
 ...
-vmx_demand_set_gates(vmx, gated);
 ...
 }
