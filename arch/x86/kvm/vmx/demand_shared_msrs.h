/* SPDX-License-Identifier: GPL-2.0-only */
/* Demand loading: a guest's values wait until it executes what uses them. */
#ifndef ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H
#define ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H

#include <linux/init.h>
#include <linux/limits.h>
#include <linux/types.h>

struct kvm_vcpu;
struct vcpu_vmx;

/* Groups of shared MSRs that the same instructions use. */
enum vmx_demand_group_id {
	VMX_DEMAND_SYSCALL,
	VMX_DEMAND_TSC_AUX,
	VMX_NR_DEMAND_GROUPS
};

/* A group has at most so many MSRs; the rest of a shorter one is 0. */
#define VMX_DEMAND_GROUP_MSRS 3

extern const u32 vmx_demand_msrs[VMX_NR_DEMAND_GROUPS][VMX_DEMAND_GROUP_MSRS];
extern unsigned long vmx_demand_slots[VMX_NR_DEMAND_GROUPS];

/* No load is the first that may close a gate. */
#define VMX_DEMAND_NEVER S64_MAX

/**
 * struct vmx_demand_group - what a vCPU does with a group
 * @eager_until: the first load that may close the gate again
 * @backoff: how many loads after the next fault may not
 * @gated_at: the user round trip in which the gate was closed
 */
struct vmx_demand_group {
	s64 eager_until;
	u64 backoff;
	u64 gated_at;
};

/**
 * struct vmx_demand - demand loading of a vCPU
 * @close_at: the first load that may close a gate; 0 after a change
 * @left: how many loads are left until then; see vmx_demand_loads()
 * @gated: bit mask of the slots behind a closed gate, 0 unless vmcs01 is the
 *         vCPU's current VMCS
 * @second_try: the VM-exit of an instruction that has raised #UD, uses no group,
 *              and is executed once more
 * @groups: by enum vmx_demand_group_id
 */
struct vmx_demand {
	s64 close_at;
	s64 left;
	unsigned long gated;
	u64 second_try;
	struct vmx_demand_group groups[VMX_NR_DEMAND_GROUPS];
};

/* How often the vCPU's values had to be loaded, or gated. */
static inline s64 vmx_demand_loads(const struct vmx_demand *demand)
{
	return demand->close_at - demand->left;
}

void __init vmx_demand_define_groups(void);
void vmx_demand_load_shared_msrs(struct vcpu_vmx *vmx);
void vmx_demand_reconsider(struct vcpu_vmx *vmx);
void vmx_demand_open_gates(struct vcpu_vmx *vmx);
bool vmx_demand_fault(struct kvm_vcpu *vcpu);
u64 vmx_demand_efer(struct vcpu_vmx *vmx);
u32 vmx_demand_secondary_exec_control(struct vcpu_vmx *vmx, u32 exec_control);

/* In vmx.c: writes vmx_demand_efer() to the VMCS. */
bool update_transition_efer(struct vcpu_vmx *vmx);

#endif /* ARCH_X86_KVM_VMX_DEMAND_SHARED_MSRS_H */
