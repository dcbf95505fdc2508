// SPDX-License-Identifier: GPL-2.0-only
// A group is loaded without a gate once more than it should be.
@@
@@
 vmx_demand_close_gates(...)
 {
 <...
-vmx_demand_loads(demand) < g->eager_until
+vmx_demand_loads(demand) <= g->eager_until
 ...>
 }
