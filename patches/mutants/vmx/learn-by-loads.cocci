// SPDX-License-Identifier: GPL-2.0-only
// A guest that blocks in the kernel before it uses its values is taken for one that rarely does.
@@
@@
-vmx_user_trips(vmx)
+vmx_demand_loads(&vmx->demand)
