// SPDX-License-Identifier: GPL-2.0-only
// Gates are closed while a group is passed through.
@@
@@
-slots ? VMX_DEMAND_NEVER : 0
+0
