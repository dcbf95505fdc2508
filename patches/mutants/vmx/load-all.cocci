// SPDX-License-Identifier: GPL-2.0-only
// Everything active is loaded, whatever was decided.
@@
expression vmx;
@@
 vmx_demand_load_shared_msrs(...)
 {
 <...
-kvm_load_shared_msrs(vmx->shared_msrs.msrs, demand->load, ...);
+kvm_load_shared_msrs(vmx->shared_msrs.msrs, vmx->shared_msrs.active,
+		     vmx->shared_msrs.generation);
 ...>
 }
