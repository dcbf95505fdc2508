// SPDX-License-Identifier: GPL-2.0-only
// CPUID takes RDTSCP away, or brings RTM, under a closed gate.
@@
expression vmx;
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
 }
