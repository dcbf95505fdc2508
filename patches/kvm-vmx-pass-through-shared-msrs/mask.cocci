// SPDX-License-Identifier: GPL-2.0-only
// The request that a change of the MSR filter makes: up to 6.17, and from 6.18 on.
@request@
identifier REQUEST = { KVM_REQ_MSR_FILTER_CHANGED, KVM_REQ_RECALC_INTERCEPTS };
@@
 kvm_check_request(REQUEST, ...)

// What the VMM wants to hear of may change while vCPUs run. Every kernel that has it.
@mask depends on request@
identifier request.REQUEST;
expression kvm, mask;
@@
 kvm->arch.user_space_msr_mask = mask;
+kvm_make_all_cpus_request(kvm, REQUEST);
