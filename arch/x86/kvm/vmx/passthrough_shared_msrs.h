/* SPDX-License-Identifier: GPL-2.0-only */
/* Pass-through: a guest writes shared MSRs without VM-exits. */
#ifndef ARCH_X86_KVM_VMX_PASSTHROUGH_SHARED_MSRS_H
#define ARCH_X86_KVM_VMX_PASSTHROUGH_SHARED_MSRS_H

#include <linux/types.h>

#include "demand_shared_msrs.h"

/**
 * struct vmx_passthrough - what a vCPU does with the MSRs of each group
 * @since: how often the vCPU had been switched out when @writes began to count
 * @writes: how many WRMSRs had a VM-exit, by enum vmx_demand_group_id
 * @switch_outs: how often the vCPU was switched out since a group is passed through
 */
struct vmx_passthrough {
	u64 since;
	unsigned int writes[VMX_NR_DEMAND_GROUPS];
	unsigned int switch_outs;
};

void vmx_passthrough_count_write(struct vcpu_vmx *vmx, unsigned int slot);
void vmx_passthrough_read_back(struct vcpu_vmx *vmx);
void vmx_passthrough_switch_out(struct vcpu_vmx *vmx);
void vmx_passthrough_keep(struct vcpu_vmx *vmx, unsigned long slots);
void vmx_passthrough_end(struct vcpu_vmx *vmx);

#endif /* ARCH_X86_KVM_VMX_PASSTHROUGH_SHARED_MSRS_H */
