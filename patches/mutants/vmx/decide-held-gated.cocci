// SPDX-License-Identifier: GPL-2.0-only
// A gate is closed over values that the CPU holds.
@@
@@
 vmx_demand_decide(...)
 {
 <...
-kvm_shared_msrs_hold(...)
+(demand->held && !vmx)
 ...>
 }
