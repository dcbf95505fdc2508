// SPDX-License-Identifier: GPL-2.0-only
// The fault teaches the predictor, and the gate stays closed.
@@
@@
 vmx_demand_fault(...)
 {
 <...
-vmx_demand_open(vmx, slots);
 ...>
 }
