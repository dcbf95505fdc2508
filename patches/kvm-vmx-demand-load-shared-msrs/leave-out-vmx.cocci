// SPDX-License-Identifier: GPL-2.0-only
@reconsidered@
@@
-vmx->demand.close_at = 0;

@held@
type T;
parameter list ps;
@@
-T vmx_hold_shared_msrs(ps) { ... }

@switch_in@
@@
-vmx_demand_load_shared_msrs(vmx);
+vmx_load_shared_msrs(vmx, vmx->shared_msrs.active);
