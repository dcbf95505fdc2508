// SPDX-License-Identifier: GPL-2.0-only
// Nothing is learnt from gates that had to be opened for a nested guest.
@@
@@
 vmx_demand_open_gates(...)
 {
 <...
-vmx_demand_open(vmx, VMX_ALL_DEMAND_GROUPS);
+vmx_demand_set_gates(vmx, 0);
+vmx_demand_reconsider(vmx);
+kvm_shared_msrs_changed(&vmx->shared_msrs.set);
+if (vmx->guest_state_loaded)
+	vmx_demand_load(vmx, vmx->shared_msrs.active);
 ...>
 }
