// SPDX-License-Identifier: GPL-2.0-only
// Gates stay closed before another VMCS becomes current.
@@
expression E;
@@
 vmx_demand_open_gates(...)
 {
 ...
-vmx_demand_open(vmx, E);
 ...
 }
