/* SPDX-License-Identifier: GPL-2.0-only */
/* Demand loading: a guest's values wait until it executes what uses them. */
#ifndef ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H
#define ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H

#include <linux/init.h>
#include <linux/types.h>

struct kvm_vcpu;
struct vcpu_vmx;

/* Groups of shared MSRs that the same instructions use. */
enum vmx_demand_group_id {
	VMX_DEMAND_SYSCALL,
	VMX_DEMAND_TSC_AUX,
	VMX_NR_DEMAND_GROUPS
};

/**
 * struct vmx_demand_group - what a vCPU does with a group
 * @eager: how many more times the group is loaded without waiting for a fault
 * @backoff: what @eager becomes at the next fault
 */
struct vmx_demand_group {
	unsigned int eager;
	unsigned int backoff;
};

/**
 * struct vmx_demand - demand loading of a vCPU
 * @gated: bit mask of the groups whose instructions raise #UD in vmcs01; always
 *         empty while another VMCS is the vCPU's current one
 * @groups: by enum vmx_demand_group_id
 */
struct vmx_demand {
	unsigned long gated;
	struct vmx_demand_group groups[VMX_NR_DEMAND_GROUPS];
};

void __init vmx_demand_define_groups(void);
void vmx_demand_switch_in(struct vcpu_vmx *vmx);
void vmx_demand_open_gates(struct vcpu_vmx *vmx);
bool vmx_demand_fault(struct kvm_vcpu *vcpu);
u64 vmx_demand_efer(struct vcpu_vmx *vmx);

/* In vmx.c: writes vmx_demand_efer() to the VMCS. */
bool update_transition_efer(struct vcpu_vmx *vmx);

#endif /* ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H */
