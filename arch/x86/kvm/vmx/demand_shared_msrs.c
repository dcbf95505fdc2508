// SPDX-License-Identifier: GPL-2.0-only
/*
 * Demand loading of shared MSRs: a vCPU that is switched in gets a gate instead
 * of its values where these are not loaded already. Behind the gate what uses
 * the values raises #UD, which KVM intercepts: the handler loads them, opens
 * the gate and lets the guest execute the instruction again.
 *
 * See Documentation/virt/kvm/x86/shared-msrs.rst.
 */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/preempt.h>

#include <asm/msr-index.h>

#include "../shared_msrs.h"
#include "../x86.h"
#include "capabilities.h"
#include "demand_shared_msrs.h"
#include "vmx.h"

#define CREATE_TRACE_POINTS
#include "demand_shared_msrs_trace.h"

static bool __read_mostly demand_shared_msrs = true;
module_param(demand_shared_msrs, bool, 0444);

/* Of 1024 times that a group would have to be loaded, it waits at least once. */
#define VMX_DEMAND_MAX_EAGER 1023

/* An instruction's length (Intel SDM volume 2, "Instruction Format"). */
#define VMX_MAX_INSN_BYTES 15

static const u32 vmx_demand_msrs[VMX_NR_DEMAND_GROUPS][3] = {
	[VMX_DEMAND_SYSCALL] = { MSR_STAR, MSR_LSTAR, MSR_SYSCALL_MASK },
	[VMX_DEMAND_TSC_AUX] = { MSR_TSC_AUX },
};

static unsigned long vmx_demand_slots[VMX_NR_DEMAND_GROUPS] __ro_after_init;

/**
 * vmx_demand_define_groups - find the slots of each group
 *
 * Context: Process context, during hardware_setup(), once the shared MSRs are
 * registered.
 */
void __init vmx_demand_define_groups(void)
{
	int group, i, slot;

	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		for (i = 0; i < ARRAY_SIZE(vmx_demand_msrs[group]); i++) {
			slot = kvm_find_shared_msr(vmx_demand_msrs[group][i]);
			if (slot >= 0)
				vmx_demand_slots[group] |= BIT(slot);
		}
	}
}

/**
 * vmx_demand_efer - the EFER that the guest is to run with
 * @vmx: the vCPU
 *
 * SYSCALL and SYSRET raise #UD while EFER.SCE is clear (Intel SDM volume 2).
 * Nobody reads it back from the VMCS: the guest's RDMSR exits.
 *
 * Context: Any.
 * Return: the guest's EFER, without SCE while SYSCALL's gate is closed.
 */
u64 vmx_demand_efer(struct vcpu_vmx *vmx)
{
	u64 efer = vmx->vcpu.arch.efer;

	if (vmx->demand.gated & BIT(VMX_DEMAND_SYSCALL))
		efer &= ~(u64)EFER_SCE;
	return efer;
}

/* Context: The vCPU is loaded, and vmcs01 is its current VMCS. */
static void vmx_demand_set_gates(struct vcpu_vmx *vmx, unsigned long gated)
{
	unsigned long changed = vmx->demand.gated ^ gated;

	vmx->demand.gated = gated;

	if (changed & BIT(VMX_DEMAND_SYSCALL))
		update_transition_efer(vmx);

	/* RDTSCP and RDPID raise #UD (Intel SDM volume 3, "VMX Non-Root Operation"). */
	if (changed & BIT(VMX_DEMAND_TSC_AUX)) {
		if (gated & BIT(VMX_DEMAND_TSC_AUX))
			secondary_exec_controls_clearbit(vmx,
							 SECONDARY_EXEC_ENABLE_RDTSCP);
		else
			secondary_exec_controls_setbit(vmx,
						       SECONDARY_EXEC_ENABLE_RDTSCP);
	}
}

static bool vmx_demand_has_gate(struct vcpu_vmx *vmx, int group)
{
	if (group == VMX_DEMAND_SYSCALL)
		return cpu_has_load_ia32_efer();

	return vmx->demand.gated & BIT(group) ||
	       secondary_exec_controls_get(vmx) & SECONDARY_EXEC_ENABLE_RDTSCP;
}

/*
 * Will the guest use a group before it is switched out again? Only behind a
 * closed gate can that be seen. So a group that was used behind two of them in
 * a row is loaded without one for 1, 4, 16, ... switch-ins before the next is
 * closed, and a gate that was closed for nothing ends it.
 */
static void vmx_demand_learn(struct vmx_demand *demand, int group)
{
	struct vmx_demand_group *g = &demand->groups[group];

	if (demand->switch_ins != g->gated_at)
		g->backoff = 0;
	g->eager_until = demand->switch_ins + 1 + g->backoff;
	g->backoff = clamp_t(u64, 4 * g->backoff, 1, VMX_DEMAND_MAX_EAGER);
}

/*
 * Gates are closed or opened for what this CPU holds now, whatever they were: a
 * gate stays closed over values that are the host's or another guest's.
 */
static noinline void vmx_demand_decide(struct vcpu_vmx *vmx)
{
	struct vmx_demand *demand = &vmx->demand;
	unsigned long load = vmx->shared_msrs.active, held = 0, gated = 0;
	int group;

	demand->decide_at = U64_MAX;
	/* vmcs02 has the controls that the guest hypervisor asked for. */
	if (vmx->loaded_vmcs != &vmx->vmcs01) {
		demand->decide_at = 0;
	} else if (demand_shared_msrs) {
		for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
			struct vmx_demand_group *g = &demand->groups[group];
			unsigned long slots = vmx_demand_slots[group] & load;

			if (!slots || !vmx_demand_has_gate(vmx, group))
				continue;

			if (demand->switch_ins < g->eager_until) {
				demand->decide_at = min(demand->decide_at,
							g->eager_until);
				continue;
			}
			if (kvm_shared_msrs_hold(vmx->shared_msrs.msrs, slots)) {
				held |= slots;
				continue;
			}
			if (!(demand->gated & BIT(group)))
				g->gated_at = demand->switch_ins;
			gated |= BIT(group);
			load &= ~slots;
		}
		vmx_demand_set_gates(vmx, gated);
	}
	demand->held = held;
	if (demand->load != load) {
		demand->load = load;
		vmx_renew_shared_msrs(vmx);
	}
	demand->generation = vmx->shared_msrs.generation;
}

/**
 * vmx_demand_load_shared_msrs - load or gate a vCPU's shared MSRs
 * @vmx: the vCPU, about to run on this CPU, which does not hold its values
 *
 * Context: Preemption disabled.
 */
void vmx_demand_load_shared_msrs(struct vcpu_vmx *vmx)
{
	struct vmx_demand *demand = &vmx->demand;

	if (++demand->switch_ins >= demand->decide_at ||
	    demand->generation != vmx->shared_msrs.generation ||
	    (demand->held &&
	     !kvm_shared_msrs_hold(vmx->shared_msrs.msrs, demand->held)))
		vmx_demand_decide(vmx);

	if (demand->gated)
		++vmx->vcpu.stat.shared_msr_gated;
	if (demand->load)
		kvm_load_shared_msrs(vmx->shared_msrs.msrs, demand->load,
				     vmx->shared_msrs.generation);
}

/**
 * vmx_demand_open_gates - let the VMCS be what the rest of VMX takes it for
 * @vmx: the vCPU
 *
 * To be called before another VMCS becomes the vCPU's current one, and before
 * the controls are computed anew. What was behind a gate gets loaded, or gated
 * again, before the next VM-entry.
 *
 * Context: Process context, the vCPU is loaded.
 */
void vmx_demand_open_gates(struct vcpu_vmx *vmx)
{
	if (!vmx->demand.gated)
		return;

	vmx_demand_set_gates(vmx, 0);
	vmx_renew_shared_msrs(vmx);
	vmx->shared_msrs.loaded = false;
}

static bool vmx_is_legacy_prefix(u8 byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
	case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
		return true;
	default:
		return false;
	}
}

/*
 * Which groups the instruction uses that has raised #UD. When in doubt, all: an
 * instruction that does not use them raises #UD again.
 *
 * Byte by byte, as the page behind the instruction need not be there.
 */
static unsigned long vmx_demand_decode(struct kvm_vcpu *vcpu)
{
	const unsigned long all = BIT(VMX_NR_DEMAND_GROUPS) - 1;
	unsigned long rip = kvm_get_linear_rip(vcpu);
	u8 insn[3], byte;
	int nr = 0, i;

	for (i = 0; i < VMX_MAX_INSN_BYTES && nr < ARRAY_SIZE(insn); i++) {
		struct x86_exception exception;

		if (kvm_read_guest_virt(vcpu, rip + i, &byte, 1, &exception))
			return all;
		/* REX; in other modes than 64-bit it would not raise #UD. */
		if (!nr && (vmx_is_legacy_prefix(byte) || (byte & 0xf0) == 0x40))
			continue;
		insn[nr++] = byte;

		if (insn[0] != 0x0f)
			return all;
		if (nr == 2) {
			switch (insn[1]) {
			case 0x05:	/* SYSCALL */
			case 0x07:	/* SYSRET */
				return BIT(VMX_DEMAND_SYSCALL);
			case 0x0b:	/* UD2 */
				return 0;
			case 0x01:
			case 0xc7:
				break;
			default:
				return all;
			}
		}
	}
	if (nr < ARRAY_SIZE(insn))
		return all;

	/* RDTSCP; RDPID, of which the last three bits are the register */
	if (insn[1] == 0x01 ? insn[2] == 0xf9 : insn[2] >= 0xf8)
		return BIT(VMX_DEMAND_TSC_AUX);
	return all;
}

/**
 * vmx_demand_fault - the guest has raised #UD
 * @vcpu: the vCPU
 *
 * Context: Process context, the vCPU is loaded; may sleep.
 * Return: true if the guest is to execute the instruction again, now that its
 * values are loaded or, if the vCPU was switched out meanwhile, are going to be;
 * false if no gate has to do with it.
 */
bool vmx_demand_fault(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	struct vmx_demand *demand = &vmx->demand;
	unsigned long groups;
	int group;

	if (likely(!demand->gated))
		return false;

	groups = vmx_demand_decode(vcpu) & demand->gated;
	trace_kvm_shared_msr_demand(vcpu->vcpu_id, kvm_rip_read(vcpu), groups);
	if (!groups)
		return false;

	++vcpu->stat.shared_msr_faults;

	preempt_disable();
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (!(groups & BIT(group)))
			continue;

		vmx_demand_learn(demand, group);
		/* Not another gate before the guest got further. */
		if (!vmx->shared_msrs.loaded)
			demand->groups[group].eager_until++;
		demand->load |= vmx_demand_slots[group] &
				vmx->shared_msrs.active;
	}
	vmx_demand_set_gates(vmx, demand->gated & ~groups);
	vmx_renew_shared_msrs(vmx);
	if (vmx->shared_msrs.loaded)
		kvm_load_shared_msrs(vmx->shared_msrs.msrs, demand->load,
				     vmx->shared_msrs.generation);
	preempt_enable();

	return true;
}
