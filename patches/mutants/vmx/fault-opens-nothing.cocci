// SPDX-License-Identifier: GPL-2.0-only
// The fault loads the values, and the gate stays closed.
@@
expression vmx, E;
@@
 vmx_demand_fault(...)
 {
 <...
-vmx_demand_set_gates(vmx, E);
 ...>
 }
