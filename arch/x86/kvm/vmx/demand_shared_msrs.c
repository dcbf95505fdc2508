// SPDX-License-Identifier: GPL-2.0-only
/*
 * Demand loading of shared MSRs: a vCPU that is switched in gets a gate instead
 * of its values. Behind the gate the instructions that use the values raise
 * #UD, which KVM intercepts: the handler loads them, opens the gate and lets the
 * guest execute the instruction again.
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

#include "../cpuid.h"
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

#define VMX_ALL_DEMAND_GROUPS (BIT(VMX_NR_DEMAND_GROUPS) - 1)

/* Intel SDM volume 3, "Basic VM-Exit Information" */
#define VMX_EXIT_FROM_ENCLAVE BIT(27)

/* An instruction's length (Intel SDM volume 2, "Instruction Format"). */
#define VMX_MAX_INSN_BYTES 15

const u32 vmx_demand_msrs[VMX_NR_DEMAND_GROUPS][VMX_DEMAND_GROUP_MSRS] = {
	[VMX_DEMAND_SYSCALL] = { MSR_STAR, MSR_LSTAR, MSR_SYSCALL_MASK },
	[VMX_DEMAND_TSC_AUX] = { MSR_TSC_AUX },
};

unsigned long vmx_demand_slots[VMX_NR_DEMAND_GROUPS] __ro_after_init;

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

	if (vmx->demand.gated & vmx_demand_slots[VMX_DEMAND_SYSCALL])
		efer &= ~(u64)EFER_SCE;
	return efer;
}

/**
 * vmx_demand_secondary_exec_control - the controls that the guest is to run with
 * @vmx: the vCPU
 * @exec_control: its secondary controls without gates
 *
 * RDTSCP and RDPID raise #UD while "enable RDTSCP" is clear (Intel SDM volume 3,
 * "VMX Non-Root Operation").
 *
 * Context: Any.
 * Return: @exec_control, without RDTSCP while TSC_AUX's gate is closed.
 */
u32 vmx_demand_secondary_exec_control(struct vcpu_vmx *vmx, u32 exec_control)
{
	if (vmx->demand.gated & vmx_demand_slots[VMX_DEMAND_TSC_AUX])
		exec_control &= ~SECONDARY_EXEC_ENABLE_RDTSCP;
	return exec_control;
}

/* Context: The vCPU is loaded, and vmcs01 is its current VMCS. */
static void vmx_demand_set_gates(struct vcpu_vmx *vmx, unsigned long gated)
{
	unsigned long changed = vmx->demand.gated ^ gated;
	u32 exec_control;

	WARN_ON_ONCE(vmx->loaded_vmcs != &vmx->vmcs01);

	vmx->demand.gated = gated;

	if (changed & vmx_demand_slots[VMX_DEMAND_SYSCALL])
		update_transition_efer(vmx);

	/* There is no gate for a guest without RDTSCP. */
	if (changed & vmx_demand_slots[VMX_DEMAND_TSC_AUX]) {
		exec_control = secondary_exec_controls_get(vmx) |
			       SECONDARY_EXEC_ENABLE_RDTSCP;
		exec_control = vmx_demand_secondary_exec_control(vmx,
								 exec_control);
		secondary_exec_controls_set(vmx, exec_control);
	}
}

/* In a transaction the #UD is suppressed, and the gate would stay closed. */
static bool vmx_demand_has_gate(struct vcpu_vmx *vmx, int group)
{
	if (group == VMX_DEMAND_SYSCALL)
		return cpu_has_load_ia32_efer();

	return secondary_exec_controls_get(vmx) & SECONDARY_EXEC_ENABLE_RDTSCP &&
	       !guest_cpuid_has(&vmx->vcpu, X86_FEATURE_RTM);
}

/* KVM counts the end of each KVM_RUN like this. */
static u64 vmx_user_trips(struct vcpu_vmx *vmx)
{
	return vmx->vcpu.stat.fpu_reload;
}

static void vmx_demand_close_at(struct vmx_demand *demand, s64 close_at)
{
	demand->left = close_at - vmx_demand_loads(demand);
	demand->close_at = close_at;
}

/**
 * vmx_demand_reconsider - let the next load close gates
 * @vmx: the vCPU, of which other slots are active, or to be loaded, than before
 *
 * Context: Any.
 */
void vmx_demand_reconsider(struct vcpu_vmx *vmx)
{
	vmx_demand_close_at(&vmx->demand, 0);
}

/*
 * Will the guest use a group before it goes to user mode? Only behind a closed
 * gate can that be seen. So a group that was used behind the gates of two round
 * trips in a row is loaded without one for 1, 4, 16, ... times before the next
 * is closed. A gate that stayed closed for a whole trip ends it.
 */
static void vmx_demand_learn(struct vcpu_vmx *vmx, int group)
{
	struct vmx_demand_group *g = &vmx->demand.groups[group];

	if (vmx_user_trips(vmx) != g->gated_at)
		g->backoff = 0;
	g->eager_until = vmx_demand_loads(&vmx->demand) + 1 + g->backoff;
	/* No other gate before the guest got further. */
	if (!vmx->guest_state_loaded)
		g->eager_until++;
	g->backoff = clamp_t(u64, 4 * g->backoff, 1, VMX_DEMAND_MAX_EAGER);
}

/* A set does not count as loaded while all of it waits behind gates. */
static void vmx_demand_load(struct vcpu_vmx *vmx, unsigned long slots)
{
	if (slots)
		kvm_load_shared_msrs(&vmx->shared_msrs.set, slots);
}

/*
 * Closes the gates of the groups that may wait, and loads the others unless this
 * CPU holds their values anyway. vmcs02 has no gates: it has the controls that the
 * guest hypervisor asked for.
 */
static noinline void vmx_demand_close_gates(struct vcpu_vmx *vmx)
{
	struct vmx_demand *demand = &vmx->demand;
	unsigned long load = vmx->shared_msrs.active & ~demand->gated;
	unsigned long gated = demand->gated;
	s64 close_at = VMX_DEMAND_NEVER;
	int group;

	if (vmx->loaded_vmcs != &vmx->vmcs01) {
		vmx_demand_load(vmx, load);
		return;
	}

	for (group = 0; demand_shared_msrs && group < VMX_NR_DEMAND_GROUPS; group++) {
		struct vmx_demand_group *g = &demand->groups[group];
		unsigned long slots = vmx_demand_slots[group] & load;

		if (!slots)
			continue;

		if (vmx_demand_loads(demand) < g->eager_until) {
			close_at = min(close_at, g->eager_until);
		} else if (kvm_hold_shared_msrs(&vmx->shared_msrs.set, slots)) {
			close_at = 0;
			load &= ~slots;
		} else if (vmx_demand_has_gate(vmx, group)) {
			g->gated_at = vmx_user_trips(vmx);
			gated |= slots;
		}
	}
	vmx_demand_close_at(demand, close_at);
	if (gated != demand->gated)
		vmx_demand_set_gates(vmx, gated);
	vmx_demand_load(vmx, load & ~gated);
}

/**
 * vmx_demand_load_shared_msrs - load or gate a vCPU's shared MSRs
 * @vmx: the vCPU, about to run on this CPU, which may not hold its values
 *
 * Gates are closed here only: when the vCPU is switched in, and when its EFER or
 * CPUID changes which slots are active.
 *
 * Context: Preemption disabled.
 */
void vmx_demand_load_shared_msrs(struct vcpu_vmx *vmx)
{
	if (unlikely(--vmx->demand.left <= 0))
		vmx_demand_close_gates(vmx);
	else
		vmx_demand_load(vmx, vmx->shared_msrs.active &
				     ~vmx->demand.gated);
}

/*
 * Opens the gates of the groups, whose values the guest is about to use.
 *
 * Context: Preemption disabled, the vCPU is loaded, and vmcs01 is its current
 * VMCS.
 */
static void vmx_demand_open(struct vcpu_vmx *vmx, unsigned long groups)
{
	unsigned long gated = vmx->demand.gated;
	int group;

	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (groups & BIT(group) && gated & vmx_demand_slots[group]) {
			vmx_demand_learn(vmx, group);
			gated &= ~vmx_demand_slots[group];
		}
	}
	vmx_demand_set_gates(vmx, gated);
	vmx_demand_reconsider(vmx);
	kvm_shared_msrs_changed(&vmx->shared_msrs.set);
	if (vmx->guest_state_loaded)
		vmx_demand_load(vmx, vmx->shared_msrs.active &
				     ~vmx->demand.gated);
}

/**
 * vmx_demand_open_gates - let the VMCS be what the rest of VMX takes it for
 * @vmx: the vCPU
 *
 * To be called before another VMCS becomes the vCPU's current one, and before
 * CPUID takes RDTSCP away from the guest. For the predictor the guest has used the
 * values: its nested guest can.
 *
 * Context: Process context, the vCPU is loaded.
 */
void vmx_demand_open_gates(struct vcpu_vmx *vmx)
{
	if (!vmx->demand.gated)
		return;

	preempt_disable();
	vmx_demand_open(vmx, VMX_ALL_DEMAND_GROUPS);
	preempt_enable();
}

static bool vmx_is_legacy_prefix(u8 byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
	case 0x66: case 0x67: case 0xf2: case 0xf3:
		return true;
	default:
		return false;
	}
}

/*
 * Which groups the instruction uses that has raised #UD. If it cannot be read
 * any longer, or is in an enclave, where RIP is not its own (Intel SDM volume 3,
 * "Asynchronous Enclave Exits"), all: it raises #UD again if it does not use
 * them. No LOCK prefix, with which all of these raise #UD.
 *
 * Byte by byte, as the page behind the instruction need not be there.
 */
static unsigned long vmx_demand_decode(struct kvm_vcpu *vcpu)
{
	unsigned long rip = kvm_get_linear_rip(vcpu);
	bool repeat = false;
	u8 insn[3], byte;
	int nr = 0, i;

	if (vmcs_read32(VM_EXIT_REASON) & VMX_EXIT_FROM_ENCLAVE)
		return VMX_ALL_DEMAND_GROUPS;

	for (i = 0; i < VMX_MAX_INSN_BYTES; i++) {
		struct x86_exception exception;

		if (kvm_read_guest_virt(vcpu, rip + i, &byte, 1, &exception))
			return VMX_ALL_DEMAND_GROUPS;
		/* REX; in other modes than 64-bit it would not raise #UD. */
		if (!nr && (vmx_is_legacy_prefix(byte) || (byte & 0xf0) == 0x40)) {
			repeat |= byte == 0xf3;
			continue;
		}
		insn[nr++] = byte;

		if (insn[0] != 0x0f)
			return 0;
		if (nr == 1)
			continue;

		switch (insn[1]) {
		case 0x05:	/* SYSCALL */
		case 0x07:	/* SYSRET */
			return BIT(VMX_DEMAND_SYSCALL);
		case 0x01:	/* RDTSCP */
			if (nr == 3)
				return insn[2] == 0xf9 ? BIT(VMX_DEMAND_TSC_AUX) : 0;
			break;
		case 0xc7:	/* RDPID, of which the last three bits are the register */
			if (nr == 3)
				return repeat && insn[2] >= 0xf8 ?
				       BIT(VMX_DEMAND_TSC_AUX) : 0;
			break;
		default:
			return 0;
		}
	}
	return 0;
}

/**
 * vmx_demand_fault - the guest has raised #UD
 * @vcpu: the vCPU
 *
 * Another vCPU may have rewritten the instruction since. So if it uses no group
 * the guest executes it once more before the #UD is taken for its own.
 *
 * Context: Process context, the vCPU is loaded; may sleep.
 * Return: true if the guest is to execute the instruction again; its values are
 * loaded or, if the vCPU was switched out meanwhile, are going to be. False if
 * the #UD is the guest's own.
 */
bool vmx_demand_fault(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	unsigned long groups;
	int group;

	if (likely(!vmx->demand.gated))
		return false;

	groups = vmx_demand_decode(vcpu);
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (!(vmx_demand_slots[group] & vmx->demand.gated &
		      vmx->shared_msrs.active))
			groups &= ~BIT(group);
	}
	if (!groups && vcpu->stat.exits != vmx->demand.second_try) {
		vmx->demand.second_try = vcpu->stat.exits + 1;
		return true;
	}
	trace_kvm_shared_msr_demand(vcpu->vcpu_id, kvm_rip_read(vcpu), groups);
	if (!groups)
		return false;

	++vcpu->stat.shared_msr_faults;

	preempt_disable();
	vmx_demand_open(vmx, groups);
	preempt_enable();

	return true;
}
