// SPDX-License-Identifier: GPL-2.0-only
// demand_shared_msrs=0 does not turn it off.
@@
expression E;
@@
-demand_shared_msrs && E
+E
