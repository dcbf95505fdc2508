// SPDX-License-Identifier: GPL-2.0-only
// After a fault the values count as loaded, wherever the vCPU is by then.
@@
@@
 vmx_demand_fault(...)
 {
 <...
-if (vmx->shared_msrs.loaded)
-	kvm_load_shared_msrs(...);
+kvm_load_shared_msrs(vmx->shared_msrs.msrs, vmx_demand_slots[0],
+		     vmx->shared_msrs.generation);
+vmx->shared_msrs.loaded = true;
 ...>
 }
