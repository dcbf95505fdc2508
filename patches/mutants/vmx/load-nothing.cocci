// SPDX-License-Identifier: GPL-2.0-only
// What was decided to be loaded is not.
@@
@@
 vmx_demand_load_shared_msrs(...)
 {
 ...
-if (demand->load)
-	kvm_load_shared_msrs(...);
 }
