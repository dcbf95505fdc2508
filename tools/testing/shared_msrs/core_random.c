// SPDX-License-Identifier: GPL-2.0-only
/* The core against the reference model, for as long as one likes. */
#include "model.h"
#include "seeded.h"

static void run(unsigned long steps, unsigned long tell)
{
	sim_writes = 0;
	model_random = seeded_random;
	model_start();
	for (seeded_taken = 0; seeded_taken < steps;) {
		seeded_tell(tell);
		seeded_taken += model_step();
	}
}

int main(int argc, char **argv)
{
	int status = seeded("core_random", argc, argv, run);

	if (!status)
		printf("core_random: %lu WRMSRs, the model's minimum is %lu\n",
		       sim_writes, model_writes);
	return status;
}
