// SPDX-License-Identifier: GPL-2.0-only
/* The start: both CPUs in the host, and two new vCPUs that may use everything. */
#include <assert.h>
#include <string.h>

#include "guest.h"
#include "snapshot.h"
#include "virt.h"

/* A host in long mode that has system calls; constants of its kernel. */
#define HOST_EFER 0xd01
#define HOST_STAR 0x23001000000000
#define HOST_SYSCALL_MASK 0x47700

/* As vmx_msr_index[] has them, that is, by slot. */
static const u32 indexes[] = {
	MSR_SYSCALL_MASK, MSR_LSTAR, MSR_CSTAR, MSR_EFER, MSR_TSC_AUX, MSR_STAR,
	MSR_IA32_TSX_CTRL,
};

static_assert(ARRAY_SIZE(indexes) == VCPU_MSRS, "VCPU_MSRS in guest.h");

struct vcpus vcpus;
const struct vcpu_config *vcpu_config;
bool vcpu_two_vms;

static u32 index_by_slot[VCPU_MSRS];

int slot_of(u32 index)
{
	int slot;

	for (slot = 0; slot < sim_msrs; slot++) {
		if (index_by_slot[slot] == index)
			return slot;
	}
	return -1;
}

u64 vcpu_patience(u64 value, u64 low, u64 high)
{
	high = min(high, vcpu_config->max_eager);
	return value < low ? low : min(value, high);
}

static u64 host_value(int cpu, int slot)
{
	switch (index_by_slot[slot]) {
	case MSR_EFER:
		return HOST_EFER;
	case MSR_STAR:
		return HOST_STAR;
	case MSR_SYSCALL_MASK:
		return HOST_SYSCALL_MASK;
	default:
		if (sim_alike && sim_is_secret(slot))
			return vcpu_value(0, index_by_slot[slot], cpu);
		return sim_host_value(cpu, slot, 0);
	}
}

static void boot_cpus(void)
{
	u64 host[SIM_MSRS] = {};
	int cpu, slot;

	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		for (slot = 0; slot < sim_msrs; slot++)
			host[slot] = host_value(cpu, slot);
		sim_boot_cpu(cpu, host);
	}
}

u64 vcpu_value(int v, u32 index, bool other)
{
	bool secret = slot_of(index) >= 0 && sim_is_secret(slot_of(index));
	u64 value;

	if (vcpu_two_vms && !other && index == MSR_STAR)
		return HOST_STAR;
	if (vcpu_two_vms && !other && index == MSR_SYSCALL_MASK)
		return HOST_SYSCALL_MASK;
	if (vcpu_two_vms && sim_alike && secret)
		v = 0;
	value = 0x1000 * (v + 1) + 0x100 * other + (index & 0xf) * 4;
	return index == MSR_IA32_TSX_CTRL ? value | TSX_CTRL_CPUID_CLEAR : value;
}

static void create_vcpu(int v)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[v];
	struct guest *guest = &vcpus.guest[v];
	int slot;

	vmx->vcpu.vcpu_id = v;
	vmx->vcpu.kvm = &vcpus.kvm[v && vcpu_two_vms];
	sim.owners[v] = vmx->vcpu.kvm->arch.shared_msr_owner;
	if (!sim.owners[v])
		violation(7, "vCPU %d's VM has no number", v);
	vmx->loaded_vmcs = &vmx->vmcs01;
	vmx->vmcs01.msr_bitmap = bitmaps[v];
	now.cpu = 0;
	schedule(0, v);
	vmx_init_shared_msrs(vmx);
	for (slot = 0; slot < sim_msrs; slot++) {
		guest->msrs[slot] = vcpu_value(v, index_by_slot[slot], false);
		vmx_set_guest_shared_msr(vmx, &vmx->shared_msrs.set.msrs[slot],
					 guest->msrs[slot]);
	}
	guest->efer = EFER_LMA | EFER_SCE;
	vmx_set_efer(vmx, guest->efer);
	guest->cpuid = X86_FEATURE_RDTSCP;
	vmx->vcpu.arch.cpuid = guest->cpuid;
	vmx_vcpu_after_set_cpuid(vmx);
	schedule(0, SIM_HOST_TASK);
}

/* What a guest has written and nobody has read is lost; it never runs again. */
static void ipi(bool enable)
{
	int v = sim.cpu[now.cpu].task, slot;

	for (slot = 0; !enable && is_vcpu(v) && slot < sim_msrs; slot++) {
		if (sim.cpu[now.cpu].unread & 1u << slot)
			vcpus.guest[v].msrs[slot] =
				vcpus.vmx[v].shared_msrs.set.msrs[slot].data;
	}
	virt_enable(enable);
}

void vcpu_start(void)
{
	int i, cpu, v;

	sim_msrs = 0;
	for (i = 0; i < VCPU_MSRS; i++) {
		if (indexes[i] == MSR_TSC_AUX && !vcpu_config->tsc_aux)
			continue;
		if (indexes[i] == MSR_IA32_TSX_CTRL && !vcpu_config->tsx)
			continue;
		index_by_slot[sim_msrs++] = indexes[i];
	}
	sim_index = index_by_slot;
	sim_features = vcpu_config->tsx ? HAS_RTM : 0;
	sim_hooks.preempt_ways = preempt_ways;
	sim_hooks.preempt = preempt;
	sim_hooks.ipi = ipi;
	rules_start();

	core_start();
	sim_start();
	memset(&vcpus, 0, sizeof(vcpus));
	boot_cpus();
	if (kvm_shared_msrs_init())
		violation(0, "loading fails");
	now.probing = true;
	vmx_start(vcpu_config->demand, vcpu_config->passthrough);
	now.probing = false;
	sim.loaded = true;
	sim.slots = sim_msrs;
	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		sim_ipi(cpu, true);
	for (v = 0; v < SIM_VCPUS; v++)
		vcpus.kvm[v].arch.shared_msr_owner = kvm_new_shared_msr_owner();
	for (v = 0; v < SIM_VCPUS; v++)
		create_vcpu(v);
	vcpu_normalize();
}

void vcpu_snapshot(void)
{
	snapshot_add(&sim, sizeof(sim));
	snapshot_add(&vcpus, sizeof(vcpus));
	core_snapshot();
}

/*
 * Numbers that grow for ever would make every state a new one. Of the predictor's
 * loads and trips, say, it matters only how far away they are, so they are replaced by
 * the smallest ones that say the same.
 */

/* Anything up to this load has come; NEVER stays so. */
static s64 still_to_come(s64 when, s64 loads)
{
	if (when == S64_MAX)
		return when;
	return when > loads ? when - loads : 0;
}

static void normalize_demand(struct vmx_demand *demand, u64 trips, u64 exits,
			     int v)
{
	s64 loads = demand->close_at - demand->left;
	int group;

	if (demand->second_try != exits + 1)
		demand->second_try = 0;
	else
		demand->second_try = 1;
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		struct vmx_demand_group *g = &demand->groups[group];

		g->eager_until = still_to_come(g->eager_until, loads);
		if (closed(v) & BIT(group) && g->gated_at != trips)
			g->gated_at = U64_MAX;
		else
			g->gated_at = 0;
	}
	demand->close_at = still_to_come(demand->close_at, loads);
	demand->left = demand->close_at;
}

static void normalize_passthrough(struct vcpu_vmx *vmx)
{
	struct vmx_passthrough *passthrough = &vmx->passthrough;

	if (passthrough->since != vmx->vcpu.stat.host_state_reload)
		memset(passthrough->writes, 0, sizeof(passthrough->writes));
	passthrough->since = 0;
}

void vcpu_normalize(void)
{
	int v;

	core_normalize_cpus();
	for (v = 0; v < SIM_VCPUS; v++) {
		core_normalize_set(&vcpus.vmx[v].shared_msrs.set);
		normalize_passthrough(&vcpus.vmx[v]);
		normalize_demand(&vcpus.vmx[v].demand,
				 vcpus.vmx[v].vcpu.stat.fpu_reload,
				 vcpus.vmx[v].vcpu.stat.exits, v);
		memset(&vcpus.vmx[v].vcpu.stat, 0,
		       sizeof(vcpus.vmx[v].vcpu.stat));
	}
}
