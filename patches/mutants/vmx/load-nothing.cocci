// SPDX-License-Identifier: GPL-2.0-only
// What has no gate is not loaded either.
@@
@@
 vmx_demand_load_shared_msrs(...)
 {
 <...
-vmx_demand_load(...);
+;
 ...>
 }
