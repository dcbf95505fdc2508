// SPDX-License-Identifier: GPL-2.0-only
/* The steps: what the rest of KVM and of the kernel does to the core. */
#include <string.h>

#include "steps.h"

static bool runs_elsewhere(int cpu, int task)
{
	return machine.cpu[!cpu].up && machine.cpu[!cpu].task == task;
}

bool step_possible(const struct step *step)
{
	const struct machine_cpu *c = &machine.cpu[step->cpu];

	if (step->kind == STEP_ONLINE)
		return !c->up;
	if (!c->up)
		return false;

	switch (step->kind) {
	case STEP_LOAD:
		return !machine.loaded;
	case STEP_UNLOAD:
		return machine.loaded;
	case STEP_ENABLE:
		return machine.loaded && !c->enabled;
	case STEP_DISABLE:
		return c->enabled;
	case STEP_SWITCH:
		return c->task != step->number &&
		       !runs_elsewhere(step->cpu, step->number);
	case STEP_SET:
		return c->sampled && c->task < MACHINE_VCPUS &&
		       step->number < machine.slots;
	case STEP_RUN:
		return c->sampled && c->task < MACHINE_VCPUS;
	default:
		return true;
	}
}

static void load(int slots)
{
	int err, i;

	err = kvm_shared_msrs_init();
	if (err)
		violation(0, "loading fails: %d", err);
	now.probing = true;
	now.may = MAY_MIGRATE;
	for (i = 0; i < slots; i++) {
		err = kvm_define_shared_msr(MACHINE_FIRST_MSR + i);
		if (err != i)
			violation(0, "MSR %d got slot %d", i, err);
	}
	now.may = 0;
	now.probing = false;
	machine.loaded = true;
	machine.slots = slots;
}

/* A CPU that has virtualization enabled is one that a reboot told nothing. */
static void unload(void)
{
	int cpu;

	kvm_shared_msrs_exit();
	machine.loaded = false;
	machine.slots = 0;
	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		struct machine_cpu *c = &machine.cpu[cpu];

		c->sampled = false;
		c->enabled = false;
		memcpy(c->want, c->host, sizeof(c->want));
	}
}

static void offline(int cpu)
{
	struct machine_cpu *c = &machine.cpu[cpu];

	/* The thread that takes the CPU down; interrupts are still on. */
	machine_switch(cpu, MACHINE_HOST_TASK + cpu);
	if (c->enabled) {
		now.may = MAY_DISABLE;
		machine_disable(cpu, false);
	}
	c->sampled = false;
	c->up = false;
}

/* A set on a CPU that has virtualization disabled must load nothing. */
static int set_slot(int cpu, int slot, u64 data, u64 mask)
{
	struct machine_cpu *c = &machine.cpu[cpu];
	u64 host = c->host[slot];
	u64 value = (data & mask) | (host & ~mask);
	bool was_enabled = c->enabled;
	int ret;

	ret = kvm_set_shared_msr(slot, data, mask);
	if (ret != 0 && ret != 1)
		violation(0, "kvm_set_shared_msr() returns %d", ret);
	if (!was_enabled && value != host && !ret)
		violation(2, "CPU %d has virtualization disabled, but takes a value",
			  cpu);
	if (c->enabled) {
		if (ret != !!(value & MACHINE_RESERVED))
			violation(2, "kvm_set_shared_msr() returns %d", ret);
		if (!ret)
			c->want[slot] = value;
		if (kvm_get_shared_msr(slot) != c->msr[slot])
			violation(4, "slot %d of CPU %d holds 0x%llx, and is said to hold 0x%llx",
				  slot, cpu, c->msr[slot],
				  kvm_get_shared_msr(slot));
	}
	return ret;
}

static int set(const struct step *step)
{
	struct machine_cpu *c = &machine.cpu[step->cpu];
	int ret;

	c->preempt_count++;
	now.may = MAY_DISABLE;
	ret = set_slot(step->cpu, step->number, step->value, step->mask);
	now.may = 0;
	c->preempt_count--;
	return ret;
}

/* Whole values, or some under a mask that hides a reserved bit. */
unsigned long step_run_set(int vcpu, enum step_set set,
			   struct kvm_shared_msr msrs[KVM_NR_SHARED_MSRS])
{
	int slot;

	for (slot = 0; slot < machine.slots; slot++) {
		msrs[slot].data = vcpu ? MACHINE_RESERVED | 0x5a : 0x100u + slot;
		msrs[slot].mask = vcpu ? 0xff : ~0ull;
	}
	if (set == SET_REFUSED && machine.slots > 1) {
		msrs[1].data = MACHINE_RESERVED;
		msrs[1].mask = ~0ull;
	}
	if (set == SET_REFUSED && machine.slots > 2)
		msrs[2].mask = 0;
	return set == SET_FIRST_SLOT ? 1 : (1ul << machine.slots) - 1;
}

static u64 hardware_value(const struct machine_cpu *c, int slot,
			  const struct kvm_shared_msr *msr)
{
	return (msr->data & msr->mask) | (c->host[slot] & ~msr->mask);
}

static bool is_loaded(const struct machine_cpu *c, unsigned long slots,
		      const struct kvm_shared_msr *msrs)
{
	int slot;

	for (slot = 0; slot < machine.slots; slot++) {
		if (slots & 1ul << slot &&
		    c->msr[slot] != hardware_value(c, slot, &msrs[slot]))
			return false;
	}
	return true;
}

/* A set's generation never changes here; what happens to the CPU is enough. */
static void run(int cpu, enum step_set set)
{
	struct kvm_shared_msr msrs[KVM_NR_SHARED_MSRS];
	struct machine_cpu *c = &machine.cpu[cpu];
	u64 generation = SETS * c->task + set + 1;
	unsigned long slots = step_run_set(c->task, set, msrs);
	int slot;

	c->preempt_count++;
	now.may = MAY_DISABLE;
	if (kvm_shared_msrs_hold(msrs, slots) != is_loaded(c, slots, msrs))
		violation(4, "CPU %d is said to %s vCPU %d's values", cpu,
			  is_loaded(c, slots, msrs) ? "lack" : "hold", c->task);
	if (!kvm_shared_msrs_loaded(generation)) {
		kvm_load_shared_msrs(msrs, slots, generation);
		for (slot = 0; c->enabled && slot < machine.slots; slot++) {
			u64 value = hardware_value(c, slot, &msrs[slot]);

			if (slots & 1ul << slot && !(value & MACHINE_RESERVED))
				c->want[slot] = value;
		}
		if (c->enabled && is_loaded(c, slots, msrs) &&
		    !kvm_shared_msrs_loaded(generation))
			violation(3, "vCPU %d's values are loaded on CPU %d, and it is denied",
				  c->task, cpu);
	}
	if (kvm_shared_msrs_loaded(generation) && !is_loaded(c, slots, msrs))
		violation(2, "vCPU %d's values are said to be loaded on CPU %d, but are not",
			  c->task, cpu);
	now.may = 0;
	c->preempt_count--;
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
		machine_enable(step->cpu, true);
		break;
	case STEP_DISABLE:
		machine_disable(step->cpu, true);
		break;
	case STEP_OFFLINE:
		offline(step->cpu);
		break;
	case STEP_ONLINE:
		machine_boot_cpu(step->cpu, step->value);
		/* In the thread that takes the CPU up. */
		if (machine.loaded)
			machine_enable(step->cpu, false);
		break;
	case STEP_SWITCH:
		machine_switch(step->cpu, step->number);
		break;
	case STEP_RETURN:
		now.may = MAY_DISABLE;
		if (machine.loaded)
			now.may |= MAY_ENABLE;
		machine_return_to_user();
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
	if (task < MACHINE_VCPUS)
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
		tell_task(machine.cpu[step->cpu].task);
		tell(" returns to user mode\n");
		break;
	case STEP_SET:
		tell_task(machine.cpu[step->cpu].task);
		tell(" sets slot %d to 0x%llx, mask 0x%llx\n", step->number,
		     step->value, step->mask);
		break;
	case STEP_RUN:
		tell_task(machine.cpu[step->cpu].task);
		tell(" runs with %s\n",
		     step->number == SET_ALL ? "all its values" :
		     step->number == SET_FIRST_SLOT ? "slot 0's value" :
		     "all its values, of which slot 1's is refused");
		break;
	default:
		break;
	}
}
