// SPDX-License-Identifier: GPL-2.0-only
// A gate stays closed in vmcs01 while vmcs02 is the current VMCS.
@@
expression vmx;
@@
 vmx_switch_vmcs(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
 }
