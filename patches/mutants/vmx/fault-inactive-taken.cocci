// SPDX-License-Identifier: GPL-2.0-only
// A #UD of SYSCALL, which the guest has turned off by itself, is taken for a #UD of the gate.
@@
@@
 vmx_demand_fault(...)
 {
 <...
-vmx_demand_slots[group] & vmx->demand.gated & vmx->shared_msrs.active
+vmx_demand_slots[group] & vmx->demand.gated
 ...>
 }
