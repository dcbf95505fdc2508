/* SPDX-License-Identifier: GPL-2.0-only */
/* A VMX vCPU's values of the shared MSRs. */
#ifndef ARCH_X86_KVM_VMX_SHARED_MSRS_H
#define ARCH_X86_KVM_VMX_SHARED_MSRS_H

#include <linux/init.h>
#include <linux/types.h>

#include "../shared_msrs.h"

struct vcpu_vmx;

#ifdef CONFIG_X86_64
#define VMX_NR_SHARED_MSRS 7
#else
#define VMX_NR_SHARED_MSRS 4
#endif

/**
 * struct vmx_shared_msrs - the shared MSRs of a vCPU
 * @msrs: the guest's values, by slot
 * @active: bit mask of the slots that the guest can use, hence to be loaded;
 *          the others are kept for RDMSR and WRMSR alone
 * @loaded: hardware holds the active values that the guest can reach on the CPU
 *          the vCPU is loaded on; false whenever the vCPU is not loaded for
 *          running
 * @generation: a number for what is loaded before VM-entry, another one after
 *              each change of it
 */
struct vmx_shared_msrs {
	struct kvm_shared_msr msrs[VMX_NR_SHARED_MSRS];
	unsigned long active;
	bool loaded;
	u64 generation;
};

void __init vmx_define_shared_msrs(void);
void vmx_init_shared_msrs(struct vcpu_vmx *vmx);
void vmx_setup_shared_msrs(struct vcpu_vmx *vmx, bool switch_efer);
void vmx_renew_shared_msrs(struct vcpu_vmx *vmx);
struct kvm_shared_msr *vmx_find_shared_msr(struct vcpu_vmx *vmx, u32 msr);
int vmx_set_guest_shared_msr(struct vcpu_vmx *vmx, struct kvm_shared_msr *msr,
			     u64 data);

#endif /* ARCH_X86_KVM_VMX_SHARED_MSRS_H */
