// SPDX-License-Identifier: GPL-2.0-only
// What is not loaded when the vCPU is switched in is not gated either.
@@
expression vmx, gated;
@@
 vmx_demand_decide(...)
 {
 <...
-vmx_demand_set_gates(vmx, gated);
+vmx_demand_set_gates(vmx, 0);
 ...>
 }
