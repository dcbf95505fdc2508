// SPDX-License-Identifier: GPL-2.0-only
// Gates stay as they are when they are to be opened.
@@
expression vmx;
@@
 vmx_demand_open_gates(...)
 {
 ...
-vmx_demand_set_gates(vmx, 0);
 ...
 }
