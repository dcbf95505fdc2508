// SPDX-License-Identifier: GPL-2.0-only
// A VMM that wants to hear of WRMSRs that raise #GP does not hear of them.
@@
@@
-vmx->vcpu.kvm->arch.user_space_msr_mask & KVM_MSR_EXIT_REASON_INVAL
+0
