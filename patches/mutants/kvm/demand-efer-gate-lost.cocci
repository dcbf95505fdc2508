// SPDX-License-Identifier: GPL-2.0-only
// The guest's EFER goes to the VMCS with SCE, whatever the gate is taken for.
@@
expression vmx;
@@
 update_transition_efer(...)
 {
 <...
-vmx_demand_efer(vmx)
+vmx->vcpu.arch.efer
 ...>
 }
