// SPDX-License-Identifier: GPL-2.0-only
// A gate is vmcs01's, and what is read back from there is the guest's own EFER. Every kernel.
@switch_vmcs@
@@
 vmx_switch_vmcs(...)
 {
 ...
+vmx_demand_open_gates(vmx);
+
 cpu = get_cpu();
 ...
 }
