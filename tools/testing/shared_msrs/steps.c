// SPDX-License-Identifier: GPL-2.0-only
/* The steps: what the rest of KVM and of the kernel does to the core. */
#include <string.h>

#include "rules.h"
#include "snapshot.h"
#include "steps.h"
#include "virt.h"
#include "watch.h"

/* What a vCPU runs with, and which of @set's slots are to be loaded. */
static struct {
	struct kvm_shared_msr_set set;
	enum step_set which;
	unsigned long slots;
} vcpus[SIM_VCPUS];

bool step_two_vms;
bool step_here_only;

static int may_disable(void)
{
	return MAY_DISABLE | (step_here_only ? MAY_HERE : 0);
}

static bool runs_elsewhere(int cpu, int task)
{
	return sim.cpu[!cpu].up && sim.cpu[!cpu].task == task;
}

bool step_possible(const struct step *step)
{
	const struct sim_cpu *c = &sim.cpu[step->cpu];

	if (step->kind == STEP_ONLINE)
		return !c->up;
	if (!c->up)
		return false;

	switch (step->kind) {
	case STEP_LOAD:
		return !sim.loaded;
	case STEP_UNLOAD:
		return sim.loaded;
	case STEP_ENABLE:
		return sim.loaded && !c->enabled;
	case STEP_DISABLE:
		return c->enabled;
	case STEP_SWITCH:
		return c->task != step->number &&
		       !runs_elsewhere(step->cpu, step->number);
	case STEP_SET:
		return c->sampled && c->task < SIM_VCPUS &&
		       step->number < sim.slots;
	case STEP_RUN:
		return c->sampled && c->task < SIM_VCPUS;
	default:
		return true;
	}
}

static void load(int slots)
{
	int err, i, v;

	/* Nobody remembers the numbers of VMs that are gone. */
	sim.nr_owners = 0;
	memset(vcpus, 0, sizeof(vcpus));
	err = kvm_shared_msrs_init();
	if (err)
		violation(0, "loading fails: %d", err);
	now.probing = true;
	now.may = MAY_MIGRATE;
	for (i = 0; i < slots; i++) {
		err = kvm_define_shared_msr(SIM_FIRST_MSR + i);
		if (err != i)
			violation(0, "MSR %d got slot %d", i, err);
	}
	now.may = 0;
	now.probing = false;
	sim.loaded = true;
	sim.slots = slots;
	for (v = 0; v < SIM_VCPUS; v++)
		sim.owners[v] = v && !step_two_vms ? sim.owners[0] :
						     kvm_new_shared_msr_owner();
	if (step_two_vms && sim.owners[0] == sim.owners[1])
		violation(7, "two VMs have the same number");
}

/* A CPU that has virtualization enabled is one that a reboot told nothing. */
static void unload(void)
{
	int cpu;

	kvm_shared_msrs_exit();
	sim.loaded = false;
	sim.slots = 0;
	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		struct sim_cpu *c = &sim.cpu[cpu];

		c->sampled = false;
		c->enabled = false;
		c->guests = 0;
		c->owned = 0;
		c->owner = 0;
		memcpy(c->want, c->host, sizeof(c->want));
	}
}

/* In the thread that takes the CPU up or down; interrupts are on. */
static void enable_pinned(int cpu, bool enable)
{
	int previous = sim_enter(cpu, false);

	virt_enable(enable);
	sim_leave(cpu, false, previous);
}

static void offline(int cpu)
{
	struct sim_cpu *c = &sim.cpu[cpu];

	sim_switch(cpu, SIM_HOST_TASK + cpu);
	if (c->enabled) {
		now.may = may_disable();
		enable_pinned(cpu, false);
	}
	c->sampled = false;
	c->up = false;
}

static int set(const struct step *step)
{
	struct sim_cpu *c = &sim.cpu[step->cpu];
	int ret;

	c->preempt_count++;
	now.may = may_disable();
	ret = kvm_set_shared_msr(sim.owners[c->task], step->number,
				 step->value, step->mask);
	now.may = 0;
	c->preempt_count--;
	return ret;
}

/* VM 0's are the same in both runs. */
static u64 secret(int vm, int number)
{
	return 0x200 + number % 2 + (sim_alike ? 0 : 0x10 * vm);
}

struct kvm_shared_msr step_value(int vcpu, int slot, enum step_value value)
{
	const struct kvm_shared_msr values[VALUES] = {
		[VALUE_WHOLE] = { 0x100 + slot, ~0ull },
		[VALUE_MASKED] = { SIM_RESERVED | 0x5a, 0xff },
		[VALUE_HOSTS] = { 0x100 + slot, 0 },
		[VALUE_REFUSED] = { SIM_RESERVED | (0x100 + slot), ~0ull },
	};
	struct kvm_shared_msr own = { .mask = ~0ull };

	if (!sim_is_secret(slot) || value == VALUE_REFUSED)
		return values[value];
	own.data = secret(step_two_vms && vcpu, value);
	return own;
}

u64 step_host_value(int cpu, int msr, u64 variant)
{
	if (sim_alike && sim_is_secret(msr))
		return secret(0, cpu + variant);
	return sim_host_value(cpu, msr, variant);
}

/* vCPUs of one VM run with different secrets, those of two with the same. */
unsigned long step_run_set(int vcpu, enum step_set set,
			   struct kvm_shared_msr msrs[KVM_NR_SHARED_MSRS])
{
	int slot;

	for (slot = 0; slot < sim.slots; slot++) {
		enum step_value value = vcpu ? VALUE_MASKED : VALUE_WHOLE;

		if (step_two_vms && sim_is_secret(slot))
			value = VALUE_WHOLE;
		if (set == SET_REFUSED)
			value = slot ? VALUE_REFUSED : VALUE_HOSTS;
		msrs[slot] = step_value(vcpu, slot, value);
	}
	return set == SET_FIRST_SLOT ? 1 : (1ul << sim.slots) - 1;
}

static void run(int cpu, enum step_set which)
{
	struct sim_cpu *c = &sim.cpu[cpu];
	struct kvm_shared_msr_set *set = &vcpus[c->task].set;
	int slot;

	if (!vcpus[c->task].slots || vcpus[c->task].which != which) {
		vcpus[c->task].which = which;
		vcpus[c->task].slots = step_run_set(c->task, which, set->msrs);
		set->owner = sim.owners[c->task];
		kvm_shared_msrs_changed(set);
	}
	c->preempt_count++;
	now.may = may_disable();
	kvm_hold_shared_msrs(set, vcpus[c->task].slots);
	if (!kvm_shared_msrs_loaded(set))
		kvm_load_shared_msrs(set, vcpus[c->task].slots);
	if (kvm_shared_msrs_loaded(set)) {
		for (slot = 0; slot < sim.slots; slot++) {
			if (vcpus[c->task].slots & 1ul << slot)
				rules_in_guest(cpu, slot, set->msrs[slot].data,
					       set->msrs[slot].mask);
		}
	}
	now.may = 0;
	c->preempt_count--;
}

static void boot(int cpu, u64 variant)
{
	u64 host[SIM_MSRS];
	int msr;

	for (msr = 0; msr < SIM_MSRS; msr++)
		host[msr] = step_host_value(cpu, msr, variant);
	sim_boot_cpu(cpu, host);
}

void step_start(void)
{
	int cpu;

	core_start();
	sim_start();
	sim_hooks.ipi = virt_enable;
	rules_start();
	memset(vcpus, 0, sizeof(vcpus));
	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		boot(cpu, 0);
}

void step_snapshot(void)
{
	snapshot_add(&sim, sizeof(sim));
	snapshot_add(vcpus, sizeof(vcpus));
	core_snapshot();
}

/* What is in a set that is not loaded does not matter: it is about to change. */
void step_normalize(void)
{
	int v;

	core_normalize_cpus();
	for (v = 0; v < SIM_VCPUS; v++) {
		if (!core_normalize_set(&vcpus[v].set))
			memset(&vcpus[v], 0, sizeof(vcpus[v]));
	}
}

int step_take(const struct step *step)
{
	int ret = 0;

	memset(&now, 0, sizeof(now));
	now.cpu = step->cpu;
	switch (step->kind) {
	case STEP_LOAD:
		load(step->number);
		break;
	case STEP_UNLOAD:
		unload();
		break;
	case STEP_ENABLE:
		sim_ipi(step->cpu, true);
		break;
	case STEP_DISABLE:
		sim_ipi(step->cpu, false);
		break;
	case STEP_OFFLINE:
		offline(step->cpu);
		break;
	case STEP_ONLINE:
		boot(step->cpu, step->value);
		if (sim.loaded)
			enable_pinned(step->cpu, true);
		break;
	case STEP_SWITCH:
		sim_switch(step->cpu, step->number);
		break;
	case STEP_RETURN:
		now.may = may_disable();
		if (sim.loaded)
			now.may |= MAY_ENABLE;
		sim_return_to_user();
		break;
	case STEP_SET:
		ret = set(step);
		break;
	case STEP_RUN:
		run(step->cpu, step->number);
		break;
	default:
		break;
	}
	rules_after_step();
	return ret;
}

static void tell_task(int task)
{
	if (task < SIM_VCPUS)
		tell("vCPU %d", task);
	else
		tell("another task");
}

void step_tell(const struct step *step)
{
	tell("CPU %d: ", step->cpu);
	switch (step->kind) {
	case STEP_LOAD:
		tell("load the module with %d shared MSRs\n", step->number);
		break;
	case STEP_UNLOAD:
		tell("unload the module\n");
		break;
	case STEP_ENABLE:
		tell("IPI enables virtualization\n");
		break;
	case STEP_DISABLE:
		tell("IPI disables virtualization\n");
		break;
	case STEP_OFFLINE:
		tell("goes offline\n");
		break;
	case STEP_ONLINE:
		tell("comes online, host values %llu\n",
		     step->value);
		break;
	case STEP_SWITCH:
		tell("switch to ");
		tell_task(step->number);
		tell("\n");
		break;
	case STEP_RETURN:
		tell_task(sim.cpu[step->cpu].task);
		tell(" returns to user mode\n");
		break;
	case STEP_SET:
		tell_task(sim.cpu[step->cpu].task);
		tell(" sets slot %d to 0x%llx, mask 0x%llx\n", step->number,
		     step->value, step->mask);
		break;
	case STEP_RUN:
		tell_task(sim.cpu[step->cpu].task);
		tell(" runs with %s\n",
		     step->number == SET_ALL ? "all its values" :
		     step->number == SET_FIRST_SLOT ? "slot 0's value" :
		     "all its values, of which all but slot 0's are refused");
		break;
	default:
		break;
	}
}
