// SPDX-License-Identifier: GPL-2.0-only
// Of each group only the first MSR is known.
@@
expression E;
@@
-vmx_demand_slots[group] |= E;
+if (!vmx_demand_slots[group])
+	vmx_demand_slots[group] = E;
