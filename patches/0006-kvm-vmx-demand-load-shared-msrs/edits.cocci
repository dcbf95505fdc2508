// SPDX-License-Identifier: GPL-2.0-only
// Whoever writes the guest's EFER to the VMCS leaves a closed gate closed. Every kernel.
@efer@
typedef bool, u64;
@@
-static
 bool update_transition_efer(struct vcpu_vmx *vmx)
 {
-u64 guest_efer = vmx->vcpu.arch.efer;
+u64 guest_efer = vmx_demand_efer(vmx);
 ...
 }

// Every kernel.
@switch_in@
@@
-kvm_load_shared_msrs(...);
+vmx_demand_load_shared_msrs(vmx);

// Every kernel.
@define_groups@
@@
 vmx_define_shared_msrs();
+vmx_demand_define_groups();

// The secondary controls are computed as if there were no gate. Every kernel.
@cpuid@
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 struct vcpu_vmx *vmx = ...;
+
+vmx_demand_open_gates(vmx);
 ...
 }

// Every kernel.
@fault@
expression vcpu, intr_info;
@@
+if (is_invalid_opcode(intr_info) && vmx_demand_fault(vcpu))
+	return 1;
+
 if (is_invalid_opcode(intr_info))
 	return handle_ud(vcpu);
