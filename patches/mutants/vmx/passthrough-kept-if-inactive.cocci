// SPDX-License-Identifier: GPL-2.0-only
// A group stays passed through that the guest can no longer use.
@@
@@
 vmx_passthrough_keep(...)
 {
 <...
-vmx_demand_slots[group] & ~slots
+!slots
 ...>
 }
