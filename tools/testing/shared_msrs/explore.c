// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer of the core: every state that the machine and the core can get
 * into, and every way from one to the next; see search.h.
 */
#include <assert.h>
#include <string.h>

#include "search.h"
#include "steps.h"

#define SLOTS 3

/* The core has slots for more; one MSR beyond the table shows a slip by one. */
#define MSRS (SLOTS + 1)

struct snapshot {
	struct machine machine;
	char core[CORE_STATE];
};

static struct step steps[64];
static int nr_steps;

static void save(void *state)
{
	struct snapshot *to = state;

	machine_unlock_freed();
	memcpy(&to->machine, &machine, sizeof(machine));
	machine_lock_freed();
	core_save(to->core);
}

static void restore(const void *state)
{
	const struct snapshot *from = state;

	machine_unlock_freed();
	memcpy(&machine, &from->machine, sizeof(machine));
	machine_lock_freed();
	core_restore(from->core);
}

/* The steps of the stated configuration. */

static void add_step(enum step_kind kind, int cpu, int number, u64 value,
		     u64 mask)
{
	struct step step = { kind, cpu, number, value, mask };

	assert(nr_steps < (int)(sizeof(steps) / sizeof(*steps)));
	steps[nr_steps++] = step;
}

static void add_steps(int cpu)
{
	int slot, task, set;

	add_step(STEP_LOAD, cpu, SLOTS, 0, 0);
	add_step(STEP_ENABLE, cpu, 0, 0, 0);
	for (task = 0; task < MACHINE_VCPUS; task++)
		add_step(STEP_SWITCH, cpu, task, 0, 0);
	for (slot = 0; slot < SLOTS; slot++) {
		/*
		 * Three values: a whole one, one under a mask that also hides
		 * a reserved bit, and the host's.  A fourth is refused.
		 */
		u64 whole = 0x100 + slot, reserved = MACHINE_RESERVED;

		add_step(STEP_SET, cpu, slot, whole, ~0ull);
		add_step(STEP_SET, cpu, slot, reserved | 0x5a, 0xff);
		add_step(STEP_SET, cpu, slot, whole, 0);
		add_step(STEP_SET, cpu, slot, reserved | whole, ~0ull);
	}
	for (set = 0; set < SETS; set++)
		add_step(STEP_RUN, cpu, set, 0, 0);
	add_step(STEP_SWITCH, cpu, MACHINE_HOST_TASK + cpu, 0, 0);
	add_step(STEP_RETURN, cpu, 0, 0, 0);
	add_step(STEP_DISABLE, cpu, 0, 0, 0);
	add_step(STEP_OFFLINE, cpu, 0, 0, 0);
	add_step(STEP_ONLINE, cpu, 0, 0, 0);
	add_step(STEP_ONLINE, cpu, 0, 1, 0);
	add_step(STEP_UNLOAD, cpu, 0, 0, 0);
}

static void start(void)
{
	static const char empty[CORE_STATE];

	machine_boot();
	core_restore(empty);
}

static bool possible(int step)
{
	return step_possible(&steps[step]);
}

static void take(int step)
{
	step_take(&steps[step]);
}

static void tell_step(int step)
{
	step_tell(&steps[step]);
}

int main(int argc, char **argv)
{
	static struct search core = {
		.name = "explore",
		.size = sizeof(struct snapshot),
		.start = start,
		.save = save,
		.restore = restore,
		.possible = possible,
		.take = take,
		.tell = tell_step,
	};
	bool flags[2] = {};
	int cpu;

	/* -f: the kernel runs with FRED; -l: the CPUs have WRMSRNS and WRMSRLIST */
	if (!search_options(argc, argv, "explore [-fl] [-d DEPTH]", flags))
		return 2;
	if (flags[0])
		machine_insns |= RUNS_FRED;
	if (flags[1])
		machine_insns |= HAS_WRMSRNS | HAS_WRMSRLIST;
	machine_msrs = MSRS;
	for (cpu = 0; cpu < MACHINE_CPUS; cpu++)
		add_steps(cpu);
	core.nr_steps = nr_steps;
	return !search(&core);
}
