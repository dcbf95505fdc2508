// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer: every state that the machine and the core can get into, and
 * every way from one to the next.
 *
 * Breadth first from state to state, so that the first sequence that leads to a
 * violation is a shortest one.  Within a step, each point where something else
 * may happen is a choice; a step is taken again and again from the same state
 * until all combinations of choices have been made.
 */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "steps.h"

#define SLOTS 3

/* The core has slots for more; one MSR beyond the table shows a slip by one. */
#define MSRS (SLOTS + 1)

struct snapshot {
	struct machine machine;
	char core[CORE_STATE];
};

/* How a state was reached first. */
struct node {
	u32 parent;
	u32 step;
	u64 choices;
};

static struct snapshot snapshot;

static struct step steps[64];
static u32 nr_steps;

static struct node *nodes;
static u32 nr_nodes, max_nodes;

static u64 *hashes;
static u64 hash_mask;

static struct snapshot *level, *next_level;
static u32 nr_level, nr_next, max_level, max_next;

static unsigned long transitions;
static int depth;
static u32 at_node, at_step;

static void out_of_memory(void)
{
	fprintf(stderr, "explore: out of memory\n");
	exit(2);
}

static void *grow(void *array, u32 *max, size_t size)
{
	*max = *max ? *max * 2 : 1024;
	array = realloc(array, *max * size);
	if (!array)
		out_of_memory();
	return array;
}

static void save(struct snapshot *to)
{
	machine_unlock_freed();
	memcpy(&to->machine, &machine, sizeof(machine));
	machine_lock_freed();
	core_save(to->core);
}

static void restore(const struct snapshot *from)
{
	machine_unlock_freed();
	memcpy(&machine, &from->machine, sizeof(machine));
	machine_lock_freed();
	core_restore(from->core);
}

/*
 * 64 bits stand for a state.  Two states that share them would hide one of the
 * two: for a million states the odds are one in thirty million.
 */
static u64 hash(const struct snapshot *s)
{
	u64 h = 0, word;
	size_t i;

	static_assert(sizeof(*s) % sizeof(word) == 0);
	for (i = 0; i < sizeof(*s); i += sizeof(word)) {
		memcpy(&word, (const char *)s + i, sizeof(word));
		h = (h ^ word) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 32;
	}
	return h ? h : 1;
}

static void grow_hashes(void)
{
	u64 *old = hashes, old_mask = hash_mask, i, j;

	hash_mask = old ? old_mask * 2 + 1 : (1 << 16) - 1;
	hashes = calloc(hash_mask + 1, sizeof(*hashes));
	if (!hashes)
		out_of_memory();
	for (i = 0; old && i <= old_mask; i++) {
		if (!old[i])
			continue;
		for (j = old[i] & hash_mask; hashes[j]; j = (j + 1) & hash_mask)
			;
		hashes[j] = old[i];
	}
	free(old);
}

static bool is_new(u64 h)
{
	u64 i;

	for (i = h & hash_mask; hashes[i]; i = (i + 1) & hash_mask) {
		if (hashes[i] == h)
			return false;
	}
	hashes[i] = h;
	return true;
}

/* The steps of the stated configuration. */

static void add_step(enum step_kind kind, int cpu, int number, u64 value,
		     u64 mask)
{
	struct step step = { kind, cpu, number, value, mask };

	assert(nr_steps < sizeof(steps) / sizeof(*steps));
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

/* Violations */

static void tell_steps(u32 node, int *nr)
{
	if (!node)
		return;
	tell_steps(nodes[node].parent, nr);
	tell("  %2d. ", ++*nr);
	step_tell(&steps[nodes[node].step]);
	path_unpack(nodes[node].choices);
	step_take(&steps[nodes[node].step]);
}

/* Takes the steps again, from the start, and tells what happens. */
static void tell_violation(FILE *to)
{
	u64 choices = path_pack();
	int nr = 0;

	machine_tell = to;
	start();
	tell_steps(at_node, &nr);
	tell("  %2d. ", ++nr);
	step_tell(&steps[at_step]);
	path_unpack(choices);
	if (!setjmp(machine_violated))
		step_take(&steps[at_step]);
	tell("  %s\n", machine_violation);
}

/* The sanitizers end in abort(), once they have reported what they found. */

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
	return "abort_on_error=1";
}

static void on_abort(int number)
{
	/* It happens again below. */
	signal(SIGABRT, SIG_DFL);
	fprintf(stderr, "explore: aborted by these steps:\n");
	tell_violation(stderr);
}

/* Exploration */

static void reach(void)
{
	if (!is_new(hash(&snapshot)))
		return;
	if (nr_nodes == max_nodes)
		nodes = grow(nodes, &max_nodes, sizeof(*nodes));
	nodes[nr_nodes].parent = at_node;
	nodes[nr_nodes].step = at_step;
	nodes[nr_nodes].choices = path_pack();
	nr_nodes++;
	if (2 * (u64)nr_nodes > hash_mask)
		grow_hashes();
	if (nr_next == max_next)
		next_level = grow(next_level, &max_next, sizeof(*next_level));
	next_level[nr_next++] = snapshot;
}

static void take_all_ways(const struct snapshot *from, const struct step *step)
{
	path_first();
	do {
		path_begin();
		restore(from);
		step_take(step);
		transitions++;
		save(&snapshot);
		reach();
	} while (path_next());
}

static void explore_state(const struct snapshot *from)
{
	for (at_step = 0; at_step < nr_steps; at_step++) {
		restore(from);
		if (step_possible(&steps[at_step]))
			take_all_ways(from, &steps[at_step]);
	}
}

/* False where states are left that are deeper than @max_depth. */
static bool explore(int max_depth)
{
	u32 first = 0, i;

	start();
	save(&snapshot);
	grow_hashes();
	reach();
	for (;;) {
		struct snapshot *swap = level;
		u32 max = max_level;

		level = next_level;
		max_level = max_next;
		nr_level = nr_next;
		next_level = swap;
		max_next = max;
		nr_next = 0;
		if (!nr_level)
			return true;
		if (depth == max_depth)
			return false;
		for (i = 0; i < nr_level; i++) {
			at_node = first + i;
			explore_state(&level[i]);
		}
		first += nr_level;
		if (nr_next)
			depth++;
	}
}

static int report(bool complete)
{
	printf("explore: %u states, %lu transitions, depth %d, %s, %.1f s\n",
	       nr_nodes, transitions, depth,
	       complete ? "complete: no new states" :
			  "not complete: deeper states are left out",
	       (double)clock() / CLOCKS_PER_SEC);
	return 0;
}

static int refuse(void)
{
	fprintf(stderr, "usage: explore [-d DEPTH]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static int max_depth = -1;
	int option, cpu;
	char *rest;

	opterr = 0;
	while ((option = getopt(argc, argv, "d:")) != -1) {
		if (option != 'd')
			return refuse();
		max_depth = strtol(optarg, &rest, 10);
		if (*rest || rest == optarg || max_depth < 1)
			return refuse();
	}
	if (optind != argc)
		return refuse();

	machine_msrs = MSRS;
	machine_choose = path_choose;
	for (cpu = 0; cpu < MACHINE_CPUS; cpu++)
		add_steps(cpu);
	signal(SIGABRT, on_abort);

	if (setjmp(machine_violated)) {
		printf("explore: violation after %lu transitions, %u states, in step %d:\n",
		       transitions, nr_nodes, depth + 1);
		tell_violation(stdout);
		return 1;
	}
	return report(explore(max_depth));
}
