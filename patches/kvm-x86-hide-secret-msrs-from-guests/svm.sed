# SPDX-License-Identifier: GPL-2.0-only
/^\(static \)\{0,1\}int .*tsc_aux_slot .*= -1;$/a\
\
/*\
 * A hypervisor loads its guests' values by WRMSR, and all of them are one VM\
 * here. If they were compared, its guests could tell its own value.\
 */\
static u64 svm_shared_msr_owner(struct kvm_vcpu *vcpu)\
{\
	return vcpu->arch.efer & EFER_SVME ?\
	       0 : vcpu->kvm->arch.shared_msr_owner;\
}
