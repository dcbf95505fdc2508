// SPDX-License-Identifier: GPL-2.0-only
/* The core against the reference model, for as long as one likes. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "model.h"
#include "splitmix.h"

static u64 state;
static unsigned long taken;

static u64 next_random(void)
{
	return splitmix64(&state);
}

/* Takes @steps steps; if @tell is one of them, tells those that lead to it. */
static void run(u64 seed, unsigned long steps, unsigned long tell)
{
	state = seed;
	model_random = next_random;
	model_start();
	for (taken = 0; taken < steps;) {
		machine_tell = tell && taken + 20 > tell ? stdout : NULL;
		taken += model_step();
	}
}

static int refuse(void)
{
	fprintf(stderr, "usage: random [-s SEED] [-n STEPS]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static u64 seed;
	static unsigned long steps = 1000000, tell;
	unsigned long long number;
	int option;
	char *rest;

	seed = time(NULL);
	opterr = 0;
	while ((option = getopt(argc, argv, "s:n:")) != -1) {
		if (option != 's' && option != 'n')
			return refuse();
		errno = 0;
		number = strtoull(optarg, &rest, 0);
		if (errno || *rest || rest == optarg || *optarg == '-')
			return refuse();
		if (option == 's')
			seed = number;
		else
			steps = number;
	}
	if (optind != argc || !steps)
		return refuse();

	if (setjmp(machine_violated)) {
		if (!tell) {
			tell = taken + 1;
			printf("random: violation after %lu steps, seed %llu; the last of them:\n",
			       tell, seed);
			machine_writes = 0;
			run(seed, tell, tell);
		}
		printf("  %s\n", machine_violation);
		return 1;
	}
	run(seed, steps, 0);
	printf("random: seed %llu, %lu steps, %lu WRMSRs, the model's minimum is %lu\n",
	       seed, steps, machine_writes, model_writes);
	return 0;
}
