// SPDX-License-Identifier: GPL-2.0-only
// A gate is closed over values that the CPU holds.
@@
@@
 vmx_demand_close_gates(...)
 {
 <...
-kvm_hold_shared_msrs(...)
+false
 ...>
 }
