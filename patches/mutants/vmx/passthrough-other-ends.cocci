// SPDX-License-Identifier: GPL-2.0-only
// The one group is intercepted when the other is passed through.
@@
@@
-set->passthrough | vmx_demand_slots[group]
+vmx_demand_slots[group]
