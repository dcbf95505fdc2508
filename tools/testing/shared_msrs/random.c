// SPDX-License-Identifier: GPL-2.0-only
/* The core against the reference model, for as long as one likes. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "model.h"

static uint64_t state;

/* splitmix64, by Sebastiano Vigna, who has put it into the public domain. */
static uint64_t next_random(void)
{
	uint64_t x = state += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

/* Takes @steps steps; if @tell is one of them, tells those that lead to it. */
static void run(uint64_t seed, unsigned long steps, unsigned long tell,
		volatile unsigned long *taken)
{
	state = seed;
	model_random = next_random;
	model_start();
	for (*taken = 0; *taken < steps;) {
		machine_tell = tell && *taken + 20 > tell ? stdout : NULL;
		*taken += model_step();
	}
}

static int usage(void)
{
	fprintf(stderr, "usage: random [-s SEED] [-n STEPS]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static uint64_t seed;
	static unsigned long steps = 1000000, tell;
	static volatile unsigned long taken;
	unsigned long long number;
	int option;
	char *rest;

	seed = time(NULL);
	opterr = 0;
	while ((option = getopt(argc, argv, "s:n:")) != -1) {
		if (option != 's' && option != 'n')
			return usage();
		errno = 0;
		number = strtoull(optarg, &rest, 0);
		if (errno || *rest || rest == optarg || *optarg == '-')
			return usage();
		if (option == 's')
			seed = number;
		else
			steps = number;
	}
	if (optind != argc || !steps)
		return usage();

	if (setjmp(machine_violated)) {
		if (!tell) {
			tell = taken + 1;
			printf("random: violation after %lu steps, seed %llu; the last of them:\n",
			       tell, (unsigned long long)seed);
			machine_writes = 0;
			run(seed, tell, tell, &taken);
		}
		printf("  %s\n", machine_violation);
		return 1;
	}
	run(seed, steps, 0, &taken);
	printf("random: seed %llu, %lu steps, %lu WRMSRs, the model's minimum is %lu\n",
	       (unsigned long long)seed, steps, machine_writes, model_writes);
	return 0;
}
