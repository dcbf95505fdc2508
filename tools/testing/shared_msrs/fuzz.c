// SPDX-License-Identifier: GPL-2.0-only
/* The core against the reference model, with libFuzzer to choose the steps. */
#include <stddef.h>
#include <stdlib.h>

#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t left;

/* Three bytes are enough for any choice; zeros once the input is used up. */
static uint64_t next_bytes(void)
{
	uint64_t number = 0;
	int i;

	for (i = 0; i < 3 && left; i++, left--)
		number |= (uint64_t)*input++ << (8 * i);
	return number;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* With it set, a crash that was found is told when it is run again. */
	machine_tell = getenv("TELL") ? stderr : NULL;
	input = data;
	left = size;
	model_random = next_bytes;
	if (setjmp(machine_violated)) {
		fprintf(stderr, "fuzz: %s\n", machine_violation);
		abort();
	}
	model_start();
	while (left)
		model_step();
	return 0;
}
