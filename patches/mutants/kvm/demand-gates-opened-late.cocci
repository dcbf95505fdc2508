// SPDX-License-Identifier: GPL-2.0-only
// Gates are opened when another VMCS is current already, so it is not vmcs01's that open.
@@
expression vmx;
@@
 vmx_switch_vmcs(...)
 {
 ...
-vmx_demand_open_gates(vmx);
 ...
(
 put_cpu();
+vmx_demand_open_gates(vmx);
|
 sim_preempt_enable();
+vmx_demand_open_gates(vmx);
)
 ...
 }
