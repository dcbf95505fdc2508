// SPDX-License-Identifier: GPL-2.0-only
// Gates are opened when another VMCS is current already, so it is not vmcs01's that open.
@@
expression vmx, vcpu, cpu, prev;
@@
 vmx_switch_vmcs(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
 vmx_vcpu_load_vmcs(vcpu, cpu, prev);
+vmx_demand_open_gates(vmx);
 ...
 }
