// SPDX-License-Identifier: GPL-2.0-only
// The guest's values are loaded when KVM_RUN begins, whether or not the guest gets to run.
// 5.10.
@by_pointer@
@@
 kvm_x86_ops.prepare_guest_switch(vcpu);

@depends on by_pointer@
@@
 kvm_arch_vcpu_ioctl_run(...)
 {
 ...
 vcpu_load(vcpu);
+preempt_disable();
+kvm_x86_ops.prepare_guest_switch(vcpu);
+preempt_enable();
 ...
 }

// 6.12 and 7.3.
@by_macro@
@@
 kvm_x86_call(prepare_switch_to_guest)(vcpu);

@depends on by_macro@
@@
 kvm_arch_vcpu_ioctl_run(...)
 {
 ...
 vcpu_load(vcpu);
+preempt_disable();
+kvm_x86_call(prepare_switch_to_guest)(vcpu);
+preempt_enable();
 ...
 }

// 6.1.
@depends on !by_pointer && !by_macro@
@@
 kvm_arch_vcpu_ioctl_run(...)
 {
 ...
 vcpu_load(vcpu);
+preempt_disable();
+static_call(kvm_x86_prepare_switch_to_guest)(vcpu);
+preempt_enable();
 ...
 }
