/* SPDX-License-Identifier: GPL-2.0-only */
/* Pass-through: a guest that writes shared MSRs again and again does so without VM-exits. */
#ifndef ARCH_X86_KVM_VMX_PASSTHROUGH_SHARED_MSRS_H
#define ARCH_X86_KVM_VMX_PASSTHROUGH_SHARED_MSRS_H

#include <linux/types.h>

#include "demand_shared_msrs.h"

/**
 * struct vmx_passthrough - what a vCPU does with the MSRs of each group
 * @load: the load since which @writes counts
 * @writes: how many WRMSRs had a VM-exit, by enum vmx_demand_group_id
 * @unchanged: how many switch-outs in a row found no new value
 */
struct vmx_passthrough {
	s64 load;
	unsigned int writes[VMX_NR_DEMAND_GROUPS];
	unsigned int unchanged;
};

void vmx_passthrough_count_write(struct vcpu_vmx *vmx, unsigned int slot);
void vmx_passthrough_read_back(struct vcpu_vmx *vmx);
void vmx_passthrough_switch_out(struct vcpu_vmx *vmx);
void vmx_passthrough_end(struct vcpu_vmx *vmx);

#endif /* ARCH_X86_KVM_VMX_PASSTHROUGH_SHARED_MSRS_H */
