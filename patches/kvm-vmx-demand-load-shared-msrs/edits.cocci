// SPDX-License-Identifier: GPL-2.0-only
// A write of the guest's EFER to the VMCS leaves a closed gate closed. Every kernel.
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
 if (!kvm_shared_msrs_loaded(&vmx->shared_msrs.set))
-	kvm_load_shared_msrs(&vmx->shared_msrs.set,
-			     vmx->shared_msrs.active);
+	vmx_demand_load_shared_msrs(vmx);
+if (vmx->demand.gated)
+	++vmx->vcpu.stat.shared_msr_gated;

// Every kernel.
@define_groups@
@@
 vmx_define_shared_msrs();
+vmx_demand_define_groups();

// The computation of the secondary controls leaves a closed gate closed. From 5.15 on.
// one of secondary_exec_control, secondary_exec_control_kept must match
@secondary_exec_control@
typedef u32;
identifier control;
@@
 vmx_secondary_exec_control(...)
 {
 ...
-return control;
+return vmx_demand_secondary_exec_control(vmx, control);
 }

// Up to 5.14.
// one of secondary_exec_control, secondary_exec_control_kept must match
@secondary_exec_control_kept@
identifier control;
@@
-vmx->secondary_exec_control = control;
+vmx->secondary_exec_control =
+	vmx_demand_secondary_exec_control(vmx, control);

// The gate of RDTSCP is closed only for a guest that has it. Every kernel.
@cpuid@
identifier after_set_cpuid = { vmx_cpuid_update, vmx_vcpu_after_set_cpuid };
@@
 after_set_cpuid(...)
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
