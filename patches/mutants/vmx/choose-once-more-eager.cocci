// SPDX-License-Identifier: GPL-2.0-only
// A group is loaded without a gate once more than it is to be.
@@
@@
 vmx_demand_close_gates(...)
 {
 <...
-demand->switch_ins < g->eager_until
+demand->switch_ins <= g->eager_until
 ...>
 }
