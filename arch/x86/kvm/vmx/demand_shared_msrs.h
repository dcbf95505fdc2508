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
 * @eager_until: the first switch-in that may close the gate again
 * @backoff: how many switch-ins after the next fault may not
 * @gated_at: the switch-in that closed the gate
 */
struct vmx_demand_group {
	u64 eager_until;
	u64 backoff;
	u64 gated_at;
};

/**
 * struct vmx_demand - demand loading of a vCPU
 * @switch_ins: how often the vCPU was switched in, to run
 * @close_at: the first switch-in that may close a gate; 0 after a change
 * @gated: bit mask of the slots behind a closed gate, 0 unless vmcs01 is the
 *         vCPU's current VMCS
 * @groups: by enum vmx_demand_group_id
 */
struct vmx_demand {
	u64 switch_ins;
	u64 close_at;
	unsigned long gated;
	struct vmx_demand_group groups[VMX_NR_DEMAND_GROUPS];
};

void __init vmx_demand_define_groups(void);
void vmx_demand_load_shared_msrs(struct vcpu_vmx *vmx);
void vmx_demand_open_gates(struct vcpu_vmx *vmx);
bool vmx_demand_fault(struct kvm_vcpu *vcpu);
u64 vmx_demand_efer(struct vcpu_vmx *vmx);
u32 vmx_demand_secondary_exec_control(struct vcpu_vmx *vmx, u32 exec_control);

/* In vmx.c: writes vmx_demand_efer() to the VMCS. */
bool update_transition_efer(struct vcpu_vmx *vmx);

#endif /* ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H */
