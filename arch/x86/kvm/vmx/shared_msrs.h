/* SPDX-License-Identifier: GPL-2.0-only */
/* A VMX vCPU's values of the shared MSRs. */
#ifndef ARCH_X86_KVM_VMX_SHARED_MSRS_H
#define ARCH_X86_KVM_VMX_SHARED_MSRS_H

#include <linux/init.h>
#include <linux/types.h>

#include "../shared_msrs.h"

struct vcpu_vmx;

/**
 * struct vmx_shared_msrs - the shared MSRs of a vCPU
 * @set: the guest's values, by slot
 * @active: bit mask of the slots that the guest can use, and that are therefore
 *          loaded; the others are kept for RDMSR and WRMSR alone
 */
struct vmx_shared_msrs {
	struct kvm_shared_msr_set set;
	unsigned long active;
};

void __init vmx_define_shared_msrs(void);
void vmx_init_shared_msrs(struct vcpu_vmx *vmx);
void vmx_setup_shared_msrs(struct vcpu_vmx *vmx, bool switch_efer);
struct kvm_shared_msr *vmx_find_shared_msr(struct vcpu_vmx *vmx, u32 msr);
int vmx_set_guest_shared_msr(struct vcpu_vmx *vmx, struct kvm_shared_msr *msr,
			     u64 data);

#endif /* ARCH_X86_KVM_VMX_SHARED_MSRS_H */
