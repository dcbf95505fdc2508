// SPDX-License-Identifier: GPL-2.0-only
// The fault opens the gate, and the values behind it are still not the guest's.
@@
expression vmx;
@@
 vmx_demand_fault(...)
 {
 <...
-if (vmx->shared_msrs.loaded)
-	kvm_load_shared_msrs(...);
 ...>
 }
