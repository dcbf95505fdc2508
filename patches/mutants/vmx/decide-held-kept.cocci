// SPDX-License-Identifier: GPL-2.0-only
// What was not gated because the CPU held it is not decided anew once it does not.
@@
@@
 vmx_demand_load_shared_msrs(...)
 {
 <...
-kvm_shared_msrs_hold(...)
+true
 ...>
 }
