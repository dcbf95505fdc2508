// SPDX-License-Identifier: GPL-2.0-only
// While the guest is stepped, #UD is taken for its own.
@@
identifier vmx, vcpu;
statement S;
@@
 vmx_demand_fault(struct kvm_vcpu *vcpu)
 {
 ...
-if (likely(!vmx->demand.gated)) S
+if (!vmx->demand.gated || vcpu->guest_debug ||
+    kvm_get_rflags(vcpu) & X86_EFLAGS_TF) S
 ...
 }
