// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pass-through of shared MSRs: a guest that writes a group's MSRs again and again,
 * as a hypervisor does, reads and writes them without VM-exits. While its vCPU is
 * loaded hardware holds the values; they are read back when it is switched out.
 *
 * See Documentation/virt/kvm/x86/shared-msrs.rst.
 */
#include <linux/bitops.h>
#include <linux/cpufeature.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include <asm/vmx.h>

#include "../shared_msrs.h"
#include "../x86.h"
#include "capabilities.h"
#include "passthrough_shared_msrs.h"
#include "vmx.h"

#define CREATE_TRACE_POINTS
#include "passthrough_shared_msrs_trace.h"

static bool __read_mostly passthrough_shared_msrs = true;
module_param(passthrough_shared_msrs, bool, 0444);

/* So many VM-exits of WRMSR between two switch-outs pass a group through. */
#define VMX_PASSTHROUGH_WRITES 16

/*
 * After so many switch-outs it must be earned again. Whether the values are new ones
 * must not matter: a nested guest could guess its hypervisor's.
 */
#define VMX_PASSTHROUGH_SWITCH_OUTS 64

/* Intel SDM volume 3, "MSR-Bitmap Address": bytes, for MSRs from 0xc0000000 on */
#define VMX_BITMAP_READ_HIGH 0x400
#define VMX_BITMAP_WRITE_HIGH 0xc00

/*
 * Nested guests never pass through: vmcs02 has a bitmap of its own, which is made
 * of vmcs01's for a few other MSRs only.
 */
static void vmx_passthrough_set(struct vcpu_vmx *vmx, unsigned long slots)
{
	void *bitmap = vmx->vmcs01.msr_bitmap;
	int group, i, slot;

	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		for (i = 0; i < VMX_DEMAND_GROUP_MSRS; i++) {
			u32 msr = vmx_demand_msrs[group][i];

			slot = kvm_find_shared_msr(msr);
			if (slot < 0)
				continue;
			msr &= 0x1fff;
			__assign_bit(msr, bitmap + VMX_BITMAP_READ_HIGH, !(slots & BIT(slot)));
			__assign_bit(msr, bitmap + VMX_BITMAP_WRITE_HIGH, !(slots & BIT(slot)));
		}
		/* No gate: its #UD would load old values over what the guest has written. */
		vmx->demand.groups[group].eager_until = slots ? VMX_DEMAND_NEVER : 0;
	}
	vmx_demand_reconsider(vmx);
	vmx->shared_msrs.set.passthrough = slots;
	vmx->passthrough.switch_outs = 0;
	kvm_shared_msrs_changed(&vmx->shared_msrs.set);
	trace_kvm_shared_msr_passthrough(vmx->vcpu.vcpu_id, slots);
}

/*
 * A hypervisor below may take a value from the guest and refuse it when it is
 * loaded again, where the paging mode is another one. The VMM may want to handle
 * what the filter denies, and values that raise #GP. What a nested VM-exit loads
 * from its list of MSRs would end pass-through each time.
 */
static bool vmx_passthrough_allowed(struct vcpu_vmx *vmx, int group)
{
	int i;

	if (!cpu_has_vmx_msr_bitmap() || boot_cpu_has(X86_FEATURE_HYPERVISOR) ||
	    vmx_demand_slots[group] & ~vmx->shared_msrs.active ||
	    (u16)vmcs_read32(VM_EXIT_REASON) != EXIT_REASON_MSR_WRITE ||
	    vmx->vcpu.kvm->arch.user_space_msr_mask & KVM_MSR_EXIT_REASON_INVAL)
		return false;

	for (i = 0; i < VMX_DEMAND_GROUP_MSRS; i++) {
		u32 msr = vmx_demand_msrs[group][i];

		if (msr && !(kvm_msr_allowed(&vmx->vcpu, msr, KVM_MSR_FILTER_READ) &&
			     kvm_msr_allowed(&vmx->vcpu, msr, KVM_MSR_FILTER_WRITE)))
			return false;
	}
	return true;
}

static void vmx_passthrough_begin(struct vcpu_vmx *vmx, int group)
{
	struct kvm_shared_msr_set *set = &vmx->shared_msrs.set;

	/* The other group may be passed through already. */
	kvm_read_back_shared_msrs(set);
	vmx_demand_open_gates(vmx);
	vmx_passthrough_set(vmx, set->passthrough | vmx_demand_slots[group]);
	kvm_load_shared_msrs(set, vmx->shared_msrs.active);
	/* The guest would read something else than a value that is refused. */
	if (kvm_shared_msrs_loaded(set))
		++vmx->vcpu.stat.shared_msr_passthrough;
	else
		vmx_passthrough_set(vmx, 0);
}

/**
 * vmx_passthrough_count_write - the guest has written a shared MSR
 * @vmx: the vCPU
 * @slot: the MSR's slot
 *
 * It does not count if a nested guest has written it. Only a WRMSR of the guest's
 * own makes a group pass.
 *
 * Context: Process context, the vCPU is loaded.
 */
void vmx_passthrough_count_write(struct vcpu_vmx *vmx, unsigned int slot)
{
	struct vmx_passthrough *passthrough = &vmx->passthrough;
	int group;

	if (!passthrough_shared_msrs || is_guest_mode(&vmx->vcpu))
		return;

	preempt_disable();
	if (passthrough->since != vmx->vcpu.stat.host_state_reload) {
		passthrough->since = vmx->vcpu.stat.host_state_reload;
		memset(passthrough->writes, 0, sizeof(passthrough->writes));
	}
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (vmx_demand_slots[group] & BIT(slot) && vmx->guest_state_loaded &&
		    ++passthrough->writes[group] == VMX_PASSTHROUGH_WRITES &&
		    vmx_passthrough_allowed(vmx, group))
			vmx_passthrough_begin(vmx, group);
	}
	preempt_enable();
}

/**
 * vmx_passthrough_read_back - let a vCPU's values be what its guest has written
 * @vmx: the vCPU
 *
 * To be called before anybody looks at the value of an MSR that is passed through.
 *
 * Context: The vCPU is loaded, or its thread is not in KVM_RUN.
 */
void vmx_passthrough_read_back(struct vcpu_vmx *vmx)
{
	preempt_disable();
	if (vmx->guest_state_loaded)
		kvm_read_back_shared_msrs(&vmx->shared_msrs.set);
	preempt_enable();
}

/**
 * vmx_passthrough_keep - let pass only those of the groups that may still
 * @vmx: the vCPU
 * @slots: bit mask; a group passes no longer if one of its slots is not in there,
 *	   and has to be earned from the beginning
 *
 * Reads back the values of all of them, so that they can be loaded again.
 *
 * Context: Process context, the vCPU is loaded or not running.
 */
void vmx_passthrough_keep(struct vcpu_vmx *vmx, unsigned long slots)
{
	unsigned long keep = vmx->shared_msrs.set.passthrough;
	int group;

	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (vmx_demand_slots[group] & ~slots) {
			keep &= ~vmx_demand_slots[group];
			vmx->passthrough.writes[group] = 0;
		}
	}
	if (!vmx->shared_msrs.set.passthrough)
		return;

	preempt_disable();
	vmx_passthrough_read_back(vmx);
	if (keep != vmx->shared_msrs.set.passthrough)
		vmx_passthrough_set(vmx, keep);
	preempt_enable();
}

/**
 * vmx_passthrough_end - intercept all shared MSRs again
 * @vmx: the vCPU
 *
 * To be called before anybody changes the value of an MSR that is passed through,
 * and when the guest may have lost the right to write one without a VM-exit.
 *
 * Context: Process context, the vCPU is loaded or not running.
 */
void vmx_passthrough_end(struct vcpu_vmx *vmx)
{
	vmx_passthrough_keep(vmx, 0);
}

/**
 * vmx_passthrough_switch_out - read back the values of a vCPU that is switched out
 * @vmx: the vCPU
 *
 * Context: Preemption disabled, the vCPU's values are still loaded.
 */
void vmx_passthrough_switch_out(struct vcpu_vmx *vmx)
{
	kvm_read_back_shared_msrs(&vmx->shared_msrs.set);
	if (++vmx->passthrough.switch_outs == VMX_PASSTHROUGH_SWITCH_OUTS)
		vmx_passthrough_set(vmx, 0);
}
