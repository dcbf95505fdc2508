// SPDX-License-Identifier: GPL-2.0-only
/*
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

#include "search.h"

/* How a state was reached first. */
struct node {
	u32 parent;
	u32 step;
	path_t choices;
};

/* The states of a level, one after the other. */
struct level {
	char *states;
	u32 nr, max;
};

static const struct search *s;

/* Negative: as deep as it goes. */
static int max_depth = -1;

static void *snapshot;

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
 * 64 bits stand for a state.  Two states that share them would hide one of the
 * two: for a million states the odds are one in thirty million.
 */
static u64 hash(const char *state)
{
	u64 h = 0, word;
	size_t i;

	for (i = 0; i < s->size; i += sizeof(word)) {
		memcpy(&word, state + i, sizeof(word));
		h = (h ^ word) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 32;
	}
	return h ? h : 1;
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

static void tell_steps(u32 node, int *nr)
{
	if (!node)
		return;
	tell_steps(nodes[node].parent, nr);
	tell("  %2d. ", ++*nr);
	s->tell(nodes[node].step);
	path_unpack(nodes[node].choices);
	s->take(nodes[node].step);
	/* As in the search, where what follows starts from what was saved. */
	s->save(snapshot);
	s->restore(snapshot);
}

/* Takes the steps again, from the start, and tells what happens. */
static void tell_violation(FILE *to)
{
	path_t choices = path_pack();
	int nr = 0;

	if (!setjmp(machine_violated)) {
		s->start();
		machine_tell = to;
		tell_steps(at_node, &nr);
		tell("  %2d. ", ++nr);
		s->tell(at_step);
		path_unpack(choices);
		s->take(at_step);
	}
	machine_tell = to;
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
	fprintf(stderr, "%s: aborted by these steps:\n", s->name);
	tell_violation(stderr);
}

/* Exploration */

static void reach(void)
{
	if (!is_new(hash(snapshot)))
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
					 s->size);
	memcpy(next_level.states + next_level.nr++ * s->size, snapshot, s->size);
}

static void take_all_ways(const void *from)
{
	path_first();
	do {
		path_begin();
		s->restore(from);
		s->take(at_step);
		transitions++;
		s->save(snapshot);
		reach();
	} while (path_next());
}

static void explore_state(const void *from)
{
	for (at_step = 0; at_step < (u32)s->nr_steps; at_step++) {
		s->restore(from);
		if (s->possible(at_step))
			take_all_ways(from);
	}
}

/* False where states are left that are deeper than that. */
static bool explore(void)
{
	u32 first = 0, i;

	s->start();
	path_first();
	s->save(snapshot);
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
			explore_state(level.states + i * s->size);
		}
		first += level.nr;
		if (next_level.nr)
			depth++;
	}
}

static void begin(const struct search *search)
{
	s = search;
	assert(s->size % sizeof(u64) == 0);
	snapshot = check(realloc(snapshot, s->size));
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
	machine_choose = path_choose;
	signal(SIGABRT, on_abort);
}

bool search(const struct search *search)
{
	clock_t start = clock();
	bool complete;

	begin(search);
	if (setjmp(machine_violated)) {
		printf("%s: violation after %lu transitions, %u states, in step %d:\n",
		       s->name, transitions, nr_nodes, depth + 1);
		tell_violation(stdout);
		return false;
	}
	complete = explore();
	printf("%s: %u states, %lu transitions, depth %d, %s, %.1f s\n", s->name,
	       nr_nodes, transitions, depth,
	       complete ? "complete: no new states" :
			  "not complete: deeper states are left out",
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

bool search_options(int argc, char **argv, const char *usage, bool flags[2])
{
	int option;

	opterr = 0;
	while ((option = getopt(argc, argv, flags ? "d:fl" : "d:")) != -1) {
		if (option == 'f' || option == 'l')
			flags[option == 'l'] = true;
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
