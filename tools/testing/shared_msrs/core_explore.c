// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer of the core: every state that it can get into on the simulator, and
 * every way from one to the next; see search.h.
 */
#include <assert.h>

#include "search.h"
#include "steps.h"

#define SLOTS 3

/* The core has slots for more; one MSR beyond the table shows an error by one. */
#define MSRS (SLOTS + 1)

static struct step steps[64];
static int nr_steps;

/* The steps of the stated configuration. */

static void add_step(enum step_kind kind, int cpu, int number, u64 value)
{
	struct step step = { kind, cpu, number, value, 0 };

	assert(nr_steps < (int)(sizeof(steps) / sizeof(*steps)));
	steps[nr_steps++] = step;
}

static void add_steps(int cpu)
{
	int slot, task, set, value;

	add_step(STEP_LOAD, cpu, SLOTS, 0);
	add_step(STEP_ENABLE, cpu, 0, 0);
	for (task = 0; task < SIM_VCPUS; task++)
		add_step(STEP_SWITCH, cpu, task, 0);
	for (slot = 0; slot < SLOTS; slot++) {
		for (value = 0; value < VALUES; value++)
			add_step(STEP_SET, cpu, slot, value);
	}
	for (set = 0; set < SETS; set++)
		add_step(STEP_RUN, cpu, set, 0);
	add_step(STEP_SWITCH, cpu, SIM_HOST_TASK + cpu, 0);
	add_step(STEP_RETURN, cpu, 0, 0);
	add_step(STEP_DISABLE, cpu, 0, 0);
	add_step(STEP_OFFLINE, cpu, 0, 0);
	add_step(STEP_ONLINE, cpu, 0, 0);
	add_step(STEP_ONLINE, cpu, 0, 1);
	add_step(STEP_UNLOAD, cpu, 0, 0);
}

/* What is set depends on the VM and on the run. */
static struct step step_here(int number)
{
	struct step step = steps[number];

	if (step.kind == STEP_SET) {
		struct kvm_shared_msr msr =
			step_value(sim.cpu[step.cpu].task, step.number,
				   step.value);

		step.value = msr.data;
		step.mask = msr.mask;
	}
	return step;
}

static bool possible(int number)
{
	return step_possible(&steps[number]);
}

static void take(int number)
{
	const struct step step = step_here(number);

	step_take(&step);
}

static void tell_step(int number)
{
	const struct step step = step_here(number);

	step_tell(&step);
}

int main(int argc, char **argv)
{
	static struct search core = {
		.name = "core_explore",
		.start = step_start,
		.possible = possible,
		.take = take,
		.normalize = step_normalize,
		.tell = tell_step,
	};
	bool flags[3] = {};
	int cpu;

	/*
	 * -f: the kernel runs with FRED; -n: the CPUs have WRMSRNS;
	 * -v: the vCPUs belong to two VMs
	 */
	if (!search_options(argc, argv, "core_explore [-fnv] [-d DEPTH]", "fnv",
			    flags))
		return 2;
	if (flags[0])
		sim_features |= RUNS_FRED;
	if (flags[1])
		sim_features |= HAS_WRMSRNS;
	step_two_vms = flags[2];
	step_here_only = true;
	sim_msrs = MSRS;
	step_snapshot();
	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		add_steps(cpu);
	core.nr_steps = nr_steps;
	return !search(&core);
}
