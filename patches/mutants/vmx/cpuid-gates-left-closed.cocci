// SPDX-License-Identifier: GPL-2.0-only
// The controls are computed anew while a gate is closed.
@@
expression vmx;
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
 }
