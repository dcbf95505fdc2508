// SPDX-License-Identifier: GPL-2.0-only
/* The core against the reference model, with libFuzzer to choose the steps. */
#include <stddef.h>
#include <stdlib.h>

#include "model.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const u8 *input;
static size_t left;

/* Three bytes are enough for any choice; zeros once the input is used up. */
static u64 next_bytes(void)
{
	u64 number = 0;
	int i;

	for (i = 0; i < 3 && left; i++, left--)
		number |= (u64)*input++ << (8 * i);
	return number;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	/* With it set, a crash that was found is told when it is run again. */
	report_tell = getenv("TELL") ? stderr : NULL;
	input = data;
	left = size;
	model_random = next_bytes;
	if (setjmp(report_violated)) {
		fprintf(stderr, "fuzz: %s\n", report_violation);
		abort();
	}
	model_start();
	while (left)
		model_step();
	return 0;
}
