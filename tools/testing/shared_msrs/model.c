// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference model: what the hardware must hold and how many WRMSRs that
 * takes at least, and nothing of how it is done.
 *
 * A slot is written when it must hold another value than it does, and a secret one
 * when it must hold the value of somebody else, equal or not. No implementation can
 * avoid that, so the core must reach that minimum. A WRMSR that raises #GP writes
 * nothing and does not count.
 */
#include <string.h>

#include "model.h"

#define SLOTS (SIM_MSRS - 1)

u64 (*model_random)(void);
unsigned long model_writes;

/* The model */

/* Whose value a slot holds: a VM's number, or the host's or nobody's. */
enum { HOST = 0, NOBODY = ~0u };

static struct {
	bool enabled;
	u64 owner;
	u64 host[SLOTS];
	u64 msr[SLOTS];
	u64 whose[SLOTS];
} model[SIM_CPUS];

static void model_put(int cpu, int slot, u64 value, u64 whose)
{
	bool foreign = sim_is_secret(slot) && model[cpu].whose[slot] != whose;

	model_writes += foreign || model[cpu].msr[slot] != value;
	model[cpu].msr[slot] = value;
	model[cpu].whose[slot] = whose;
}

static void model_restore(int cpu, bool all)
{
	int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		if (all || sim_user_uses(slot))
			model_put(cpu, slot, model[cpu].host[slot], HOST);
	}
}

/* One VM is remembered: of the slots of others it is known that they are. */
static void model_own(int cpu, u64 owner)
{
	int slot;

	for (slot = 0; model[cpu].owner != owner && slot < SLOTS; slot++) {
		if (model[cpu].whose[slot] != HOST)
			model[cpu].whose[slot] = NOBODY;
	}
	model[cpu].owner = owner;
}

static int model_set(int cpu, int slot, u64 value, u64 mask)
{
	u64 owner = sim.owners[sim.cpu[cpu].task];

	model_own(cpu, owner);
	value = (value & mask) | (model[cpu].host[slot] & ~mask);
	if (!model[cpu].enabled || value & SIM_RESERVED)
		return 1;
	model_put(cpu, slot, value, owner);
	return 0;
}

/* The vCPU goes on without the value that was refused. */
static void model_hide(int cpu, int slot)
{
	if (model[cpu].enabled && sim_is_secret(slot))
		model_put(cpu, slot, 0, sim.owners[sim.cpu[cpu].task]);
}

static void model_enable(int cpu, bool enable)
{
	model_restore(cpu, true);
	model[cpu].enabled = enable;
}

static void model_boot(int cpu, u64 variant)
{
	int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		model[cpu].host[slot] = step_host_value(cpu, slot, variant);
		model[cpu].msr[slot] = model[cpu].host[slot];
		model[cpu].whose[slot] = HOST;
	}
}

static void model_run(int cpu, enum step_set set)
{
	struct kvm_shared_msr msrs[KVM_NR_SHARED_MSRS];
	unsigned long slots = step_run_set(sim.cpu[cpu].task, set, msrs);
	int slot;

	for (slot = 0; slot < sim.slots; slot++) {
		if (slots & 1ul << slot &&
		    model_set(cpu, slot, msrs[slot].data, msrs[slot].mask))
			model_hide(cpu, slot);
	}
}

/*
 * The core and the model, side by side. If the IPI comes in the middle of a
 * set, the value returned tells which of the two was first.
 */

static bool disabled_in_set;
static struct step step;

static void on_event(int cpu, bool enable)
{
	if (step.kind == STEP_SET && cpu == step.cpu)
		disabled_in_set = true;
	else
		model_enable(cpu, enable);
}

static void model_take(int ret)
{
	int wanted = 0;

	switch (step.kind) {
	case STEP_LOAD:
		model[0].owner = NOBODY;
		model[1].owner = NOBODY;
		break;
	case STEP_UNLOAD:
		model_enable(0, false);
		model_enable(1, false);
		break;
	case STEP_ENABLE:
		model_enable(step.cpu, true);
		break;
	case STEP_DISABLE:
	case STEP_OFFLINE:
		model_enable(step.cpu, false);
		break;
	case STEP_ONLINE:
		model_boot(step.cpu, step.value);
		model_enable(step.cpu, sim.loaded);
		break;
	case STEP_RETURN:
		model_restore(step.cpu, false);
		break;
	case STEP_SET:
		if (disabled_in_set && ret)
			model_enable(step.cpu, false);
		wanted = model_set(step.cpu, step.number, step.value,
				   step.mask);
		/* Refused for its bits or for the IPI: either will do. */
		if (disabled_in_set)
			wanted = ret;
		if (disabled_in_set && !ret)
			model_enable(step.cpu, false);
		break;
	case STEP_RUN:
		model_run(step.cpu, step.number);
		break;
	default:
		break;
	}
	if (ret != wanted)
		violation(2, "kvm_set_shared_msr() returns %d, the model %d",
			  ret, wanted);
}

static void compare(void)
{
	int cpu, slot;

	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		for (slot = 0; slot < SLOTS; slot++) {
			if (sim.cpu[cpu].msr[slot] != model[cpu].msr[slot])
				violation(2, "slot %d of CPU %d holds 0x%llx, in the model 0x%llx",
					  slot, cpu, sim.cpu[cpu].msr[slot],
					  model[cpu].msr[slot]);
		}
	}
	if (sim_writes != model_writes)
		violation(3, "%lu WRMSRs, but %lu are enough", sim_writes,
			  model_writes);
}

/*
 * Steps at random, most of them sets, and events in one of sixteen places. Not
 * where a vCPU's values are loaded: the model could not tell how far it was.
 */

static int choose(int nr)
{
	u64 number;

	if (step.kind == STEP_RUN)
		return 0;
	number = model_random();
	return number % 16 ? 0 : number / 16 % nr;
}

/* Few values, so that they meet again; sparse and dense masks. */
static void random_set(void)
{
	static const u64 masks[] = { ~0ull, ~0ull, 0xff, 0, ~0x2ull };
	u64 number = model_random();

	step.kind = STEP_SET;
	step.number = number % SLOTS;
	step.value = sim_host_value(0, step.number, 1000 + number / 16 % 3);
	step.mask = masks[number / 64 % 5];
	if (number / 512 % 8 == 0)
		step.value |= SIM_RESERVED;
}

static void random_step(void)
{
	static const enum step_kind kinds[] = {
		STEP_LOAD, STEP_UNLOAD, STEP_ENABLE, STEP_ENABLE, STEP_DISABLE,
		STEP_OFFLINE, STEP_ONLINE, STEP_SWITCH, STEP_SWITCH,
		STEP_RETURN, STEP_RETURN, STEP_RUN, STEP_RUN,
	};
	const unsigned int nr = sizeof(kinds) / sizeof(*kinds);
	u64 number = model_random();

	memset(&step, 0, sizeof(step));
	step.cpu = number % 2;
	number /= 2;
	if (number % 64 >= nr) {
		random_set();
		return;
	}
	step.kind = kinds[number % 64];
	number /= 64;
	step.value = number;
	if (step.kind == STEP_LOAD)
		step.number = 1 + number % SLOTS;
	if (step.kind == STEP_RUN)
		step.number = number % SETS;
	if (step.kind == STEP_SWITCH)
		step.number = number % (SIM_VCPUS + 1);
	if (step.number == SIM_HOST_TASK && step.kind == STEP_SWITCH)
		step.number += step.cpu;
}

void model_start(void)
{
	int cpu;

	step_start();
	memset(model, 0, sizeof(model));
	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		model_boot(cpu, 0);
	sim_hooks.choose = choose;
	sim_hooks.event = on_event;
	model_writes = sim_writes;
}

bool model_step(void)
{
	unsigned long before = sim_writes;
	int ret;

	random_step();
	if (!step_possible(&step))
		return false;
	step_tell(&step);
	if (step.kind == STEP_LOAD) {
		core_start();
		sim_features = model_random() % 16;
		step_two_vms = model_random() % 2;
	}
	disabled_in_set = false;
	ret = step_take(&step);
	/* The probe's are none of the model's business. */
	if (step.kind == STEP_LOAD)
		model_writes += sim_writes - before;
	model_take(ret);
	compare();
	return true;
}
