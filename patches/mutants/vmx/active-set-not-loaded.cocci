// SPDX-License-Identifier: GPL-2.0-only
// What becomes active while values are loaded is not loaded.
@@
@@
 vmx_setup_shared_msrs(...)
 {
 ...
-if (vmx->guest_state_loaded)
-	vmx_demand_load_shared_msrs(vmx);
 ...
 }
