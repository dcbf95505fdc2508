// SPDX-License-Identifier: GPL-2.0-only
// Controls are computed anew under a closed gate, which is then only believed to be closed.
@@
expression vmx;
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
 }
