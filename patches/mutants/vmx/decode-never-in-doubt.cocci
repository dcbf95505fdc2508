// SPDX-License-Identifier: GPL-2.0-only
// An instruction that cannot be read is no gate's business.
@@
@@
 vmx_demand_decode(...)
 {
 <...
-return VMX_ALL_DEMAND_GROUPS;
+return 0;
 ...>
 }
