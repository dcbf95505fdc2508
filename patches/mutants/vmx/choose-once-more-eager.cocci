// SPDX-License-Identifier: GPL-2.0-only
// A group is loaded without a gate once more than it should be.
@@
@@
 vmx_demand_close_gates(...)
 {
 <...
-demand->loads < g->eager_until
+demand->loads <= g->eager_until
 ...>
 }
