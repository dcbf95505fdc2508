# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 6.18 a function of its own loads the values, and gets no vCPU.
s/^static void tdx_load_shared_msrs(void)/static void tdx_load_shared_msrs(struct kvm_vcpu *vcpu)/
s/^	tdx_load_shared_msrs();$/	tdx_load_shared_msrs(vcpu);/
