// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "seeded.h"

unsigned long seeded_taken;

static u64 state;

/* splitmix64, by Sebastiano Vigna, who has put it into the public domain. */
u64 seeded_random(void)
{
	u64 x = state += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

void seeded_tell(unsigned long tell)
{
	report_tell = tell && seeded_taken + 20 > tell ? stdout : NULL;
}

static bool parse(int argc, char **argv, u64 *seed, unsigned long *steps)
{
	unsigned long long number;
	int option;
	char *rest;

	opterr = 0;
	while ((option = getopt(argc, argv, "s:n:")) != -1) {
		if (option != 's' && option != 'n')
			return false;
		errno = 0;
		number = strtoull(optarg, &rest, 0);
		if (errno || *rest || rest == optarg || *optarg == '-')
			return false;
		if (option == 's')
			*seed = number;
		else
			*steps = number;
	}
	return optind == argc && *steps;
}

int seeded(const char *name, int argc, char **argv,
	   void (*run)(unsigned long steps, unsigned long tell))
{
	static unsigned long steps = 1000000, tell;
	static u64 seed;

	seed = time(NULL);
	if (!parse(argc, argv, &seed, &steps)) {
		fprintf(stderr, "usage: %s [-s SEED] [-n STEPS]\n", name);
		return 2;
	}

	if (setjmp(report_violated)) {
		if (!tell) {
			tell = seeded_taken + 1;
			printf("%s: violation after %lu steps, seed %llu; the last of them:\n",
			       name, tell, seed);
			state = seed;
			run(tell, tell);
		}
		printf("  %s\n", report_violation);
		return 1;
	}
	state = seed;
	run(steps, 0);
	printf("%s: seed %llu, %lu steps\n", name, seed, steps);
	return 0;
}
