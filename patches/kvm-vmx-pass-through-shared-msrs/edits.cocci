// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@switch_out@
@@
+if (vmx->shared_msrs.set.passthrough)
+	vmx_passthrough_switch_out(vmx);
+
 ++vmx->vcpu.stat.host_state_reload;

// KVM refuses the guest's WRMSR of an MSR that its CPUID does not have. Every kernel.
@cpuid@
identifier after_set_cpuid = { vmx_cpuid_update, vmx_vcpu_after_set_cpuid };
@@
 after_set_cpuid(...)
 {
 ...
 vmx_demand_open_gates(vmx);
+vmx_passthrough_end(vmx);
 ...
 }

// Up to 6.16; there is no filter up to 5.9.
// one of filter, intercepts must match
@filter@
@@
 vmx_msr_filter_changed(...)
 {
 struct vcpu_vmx *vmx = ...;
 u32 i;
+
+vmx_passthrough_end(vmx);
 ...
 }

// From 6.17 on.
// one of filter, intercepts must match
@intercepts@
identifier vcpu;
@@
 vmx_recalc_msr_intercepts(struct kvm_vcpu *vcpu)
 {
 ...
+vmx_passthrough_end(to_vmx(vcpu));
+
 if (!cpu_has_vmx_msr_bitmap())
	return;
 ...
 }
