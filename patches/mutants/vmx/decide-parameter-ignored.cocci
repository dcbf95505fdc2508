// SPDX-License-Identifier: GPL-2.0-only
// demand_shared_msrs=0 does not turn it off.
@@
@@
 vmx_demand_decide(...)
 {
 <...
-demand_shared_msrs
+vmx->vcpu.vcpu_id >= 0
 ...>
 }
