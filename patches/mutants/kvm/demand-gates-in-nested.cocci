// SPDX-License-Identifier: GPL-2.0-only
// The gates of vmcs01 stay closed while another VMCS is current.
@@
expression vmx;
@@
 vmx_switch_vmcs(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
 }
