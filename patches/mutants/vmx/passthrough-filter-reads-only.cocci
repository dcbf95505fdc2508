// SPDX-License-Identifier: GPL-2.0-only
// The MSR filter is asked for reads only.
@@
@@
-kvm_msr_allowed(&vmx->vcpu, msr, KVM_MSR_FILTER_WRITE)
+true
