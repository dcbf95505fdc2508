// SPDX-License-Identifier: GPL-2.0-only
// The vCPU that is switched out in the handler may find another gate.
@@
@@
 vmx_demand_fault(...)
 {
 <...
-if (!vmx->shared_msrs.loaded)
-	demand->groups[group].eager_until++;
 ...>
 }
