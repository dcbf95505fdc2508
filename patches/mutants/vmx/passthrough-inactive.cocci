// SPDX-License-Identifier: GPL-2.0-only
// A group is passed through that the guest cannot use.
@@
@@
 vmx_passthrough_allowed(...)
 {
 <...
-vmx_demand_slots[group] & ~vmx->shared_msrs.active
+0
 ...>
 }
