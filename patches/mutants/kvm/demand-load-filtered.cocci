// SPDX-License-Identifier: GPL-2.0-only
// The MSR filter, which is about RDMSR and WRMSR, decides what is loaded.
@@
expression slots;
identifier vmx;
@@
 vmx_demand_load(struct vcpu_vmx *vmx, ...)
 {
-if (slots)
+if (slots && kvm_msr_allowed(&vmx->vcpu, MSR_STAR, KVM_MSR_FILTER_READ))
 	kvm_load_shared_msrs(...);
 }
