// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breadth first from state to state, so that the first sequence that leads to a
 * violation is a shortest one. Within a step, each point where something else
 * may happen is a choice; a step is taken again and again from the same state
 * until all combinations of choices have been made.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "search.h"
#include "simulator.h"
#include "snapshot.h"

/* How a state was reached first. */
struct node {
	u32 parent;
	u32 step;
	path_t choices;
};

/* The states of a level, one after the other; each is the state of two runs. */
struct level {
	char *states;
	u32 nr, max;
};

static const struct search *s;

/* Negative: as deep as it goes. */
static int max_depth = -1;

/* Of a state, and of one of its runs. */
static size_t state_size, run_size;
static char *reached;

static struct node *nodes;
static u32 nr_nodes, max_nodes;

static u64 *hashes;
static u64 hash_mask;

static struct level level, next_level;

static unsigned long transitions;
static int depth;
static u32 at_node, at_step;

static void *check(void *memory)
{
	if (!memory) {
		fprintf(stderr, "%s: out of memory\n", s->name);
		exit(2);
	}
	return memory;
}

static void *grow(void *array, u32 *max, size_t size)
{
	*max = *max ? *max * 2 : 1024;
	return check(realloc(array, *max * size));
}

/*
 * 64 bits stand for a state. Two states that share them would hide one of the
 * two: for a million states the odds are one in thirty million.
 */
static u64 hash(const char *state)
{
	const u64 *word = (const u64 *)state;
	u64 h[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	size_t i, lane;

	/* Eight at a time, for the CPU to work on side by side. */
	for (i = 0; i < state_size / sizeof(u64); i += 8) {
#pragma GCC unroll 8
		for (lane = 0; lane < 8; lane++) {
			h[lane] = (h[lane] ^ word[i + lane]) *
				  0x9e3779b97f4a7c15ull;
			h[lane] ^= h[lane] >> 32;
		}
	}
	for (lane = 1; lane < 8; lane++) {
		h[0] = (h[0] ^ h[lane]) * 0xbf58476d1ce4e5b9ull;
		h[0] ^= h[0] >> 32;
	}
	return h[0] ? h[0] : 1;
}

static void grow_hashes(void)
{
	u64 *old = hashes, old_mask = hash_mask, i, j;

	hash_mask = old ? old_mask * 2 + 1 : (1 << 16) - 1;
	hashes = check(calloc(hash_mask + 1, sizeof(*hashes)));
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

/* Violations */

/* Each step starts from what was saved, as in the search. */
static void start(char *to)
{
	for (int run = 0; run < 2; run++) {
		sim_alike = !run;
		path_first();
		path_begin();
		s->start();
		s->normalize();
		snapshot_save(to + run * run_size);
	}
}

static void take(const char *from, char *to, u32 step)
{
	for (int run = 0; run < 2; run++) {
		sim_alike = !run;
		path_begin();
		observe_begin(run);
		snapshot_restore(from + run * run_size);
		if (run && !s->possible(step))
			violation(7, "the step is possible only if secrets are alike");
		s->take(step);
		observe_end(run);
		s->normalize();
		snapshot_save(to + run * run_size);
	}
}

static void tell_steps(u32 node, int *nr)
{
	if (!node)
		return;
	tell_steps(nodes[node].parent, nr);
	tell("  %2d. ", ++*nr);
	s->tell(nodes[node].step);
	path_unpack(nodes[node].choices);
	take(reached, reached, nodes[node].step);
	snapshot_restore(reached + run_size);
}

/* Takes the steps again, from the start, and tells what happens. */
static void tell_violation(FILE *to)
{
	path_t choices = path_pack();
	int nr = 0;

	if (!setjmp(report_violated)) {
		start(reached);
		report_tell = to;
		tell_steps(at_node, &nr);
		tell("  %2d. ", ++nr);
		s->tell(at_step);
		path_unpack(choices);
		take(reached, reached, at_step);
	}
	report_tell = to;
	tell("  %s\n", report_violation);
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
	fprintf(stderr, "%s: aborted by these steps:\n", s->name);
	tell_violation(stderr);
}

/* Exploration */

static void reach(void)
{
	if (!is_new(hash(reached)))
		return;
	if (nr_nodes == max_nodes)
		nodes = grow(nodes, &max_nodes, sizeof(*nodes));
	nodes[nr_nodes].parent = at_node;
	nodes[nr_nodes].step = at_step;
	nodes[nr_nodes].choices = path_pack();
	nr_nodes++;
	if (2 * (u64)nr_nodes > hash_mask)
		grow_hashes();
	if (next_level.nr == next_level.max)
		next_level.states = grow(next_level.states, &next_level.max,
					 state_size);
	memcpy(next_level.states + next_level.nr++ * state_size, reached,
	       state_size);
}

static void take_all_ways(const char *from)
{
	path_first();
	do {
		take(from, reached, at_step);
		transitions++;
		reach();
	} while (path_next());
}

static void explore_state(const char *from)
{
	for (at_step = 0; at_step < (u32)s->nr_steps; at_step++) {
		snapshot_restore(from);
		if (s->possible(at_step))
			take_all_ways(from);
	}
}

/* False where states are left that are deeper than that. */
static bool explore(void)
{
	u32 first = 0, i;

	start(reached);
	path_first();
	reach();
	for (;;) {
		struct level swap = level;

		level = next_level;
		next_level = swap;
		next_level.nr = 0;
		if (!level.nr)
			return true;
		if (depth == max_depth)
			return false;
		for (i = 0; i < level.nr; i++) {
			at_node = first + i;
			explore_state(level.states + i * state_size);
		}
		first += level.nr;
		if (next_level.nr)
			depth++;
	}
}

static void begin(const struct search *search)
{
	s = search;
	run_size = snapshot_size();
	state_size = 2 * run_size;
	reached = check(realloc(reached, state_size));
	free(level.states);
	free(next_level.states);
	free(hashes);
	memset(&level, 0, sizeof(level));
	memset(&next_level, 0, sizeof(next_level));
	hashes = NULL;
	grow_hashes();
	nr_nodes = 0;
	transitions = 0;
	depth = 0;
	sim_hooks.choose = path_choose;
	signal(SIGABRT, on_abort);
}

bool search(const struct search *search)
{
	clock_t start = clock();
	bool complete;

	begin(search);
	if (setjmp(report_violated)) {
		printf("%s: violation after %lu transitions, %u states, in step %d:\n",
		       s->name, transitions, nr_nodes, depth + 1);
		tell_violation(stdout);
		return false;
	}
	complete = explore();
	printf("%s: %u states, %lu transitions, depth %d, %s, %.1f s\n", s->name,
	       nr_nodes, transitions, depth,
	       complete ? "exhaustively" :
			  "deeper states are left out",
	       (double)(clock() - start) / CLOCKS_PER_SEC);
	return true;
}

/* The value of an option -d, or 0 where it is none. */
static int parse_depth(const char *arg)
{
	char *rest;
	long number = strtol(arg, &rest, 10);

	return *rest || rest == arg || number < 1 || number > 1000 ? 0 : number;
}

bool search_options(int argc, char **argv, const char *usage,
		    const char *letters, bool flags[])
{
	char options[16];
	const char *flag;
	int option;

	snprintf(options, sizeof(options), "d:%s", letters);
	opterr = 0;
	while ((option = getopt(argc, argv, options)) != -1) {
		flag = strchr(letters, option);
		if (flag)
			flags[flag - letters] = true;
		else if (option == 'd' && parse_depth(optarg))
			max_depth = parse_depth(optarg);
		else
			goto refuse;
	}
	if (optind == argc)
		return true;
refuse:
	fprintf(stderr, "usage: %s\n", usage);
	return false;
}
