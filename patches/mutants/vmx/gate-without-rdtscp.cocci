// SPDX-License-Identifier: GPL-2.0-only
// TSC_AUX gets a gate where RDTSCP raises #UD anyway.
@@
expression vmx;
@@
 vmx_demand_has_gate(...)
 {
 <...
-secondary_exec_controls_get(vmx) & SECONDARY_EXEC_ENABLE_RDTSCP &&
 !guest_cpuid_has(...)
 ...>
 }
