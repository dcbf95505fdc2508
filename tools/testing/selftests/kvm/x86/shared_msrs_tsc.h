/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions, counted by the TSC. */
#ifndef SELFTEST_KVM_SHARED_MSRS_TSC_H
#define SELFTEST_KVM_SHARED_MSRS_TSC_H

#include <stdbool.h>

/*
 * An emulator's TSC may count instructions. Whether a thousand more loops of two
 * instructions each are two thousand more ticks, most times: an interrupt may
 * come between. Bochs adds up straight code in pieces, so there is a loop before
 * each RDTSC.
 */
static inline bool tsc_counts_instructions(void)
{
	unsigned int start, middle, end;
	int i, good = 0;

	for (i = 0; i < 16; i++) {
		asm volatile("mov	$2, %%ecx\n\t"
			     "1:\n\t"
			     "dec	%%ecx\n\t"
			     "jnz	1b\n\t"
			     "rdtsc\n\t"
			     "mov	%%eax, %0\n\t"
			     "mov	$1000, %%ecx\n\t"
			     "1:\n\t"
			     "dec	%%ecx\n\t"
			     "jnz	1b\n\t"
			     "rdtsc\n\t"
			     "mov	%%eax, %1\n\t"
			     "mov	$2000, %%ecx\n\t"
			     "1:\n\t"
			     "dec	%%ecx\n\t"
			     "jnz	1b\n\t"
			     "rdtsc\n\t"
			     : "=&r"(start), "=&r"(middle), "=&a"(end)
			     : : "ecx", "edx", "cc");
		good += (end - middle) - (middle - start) == 2000;
	}
	return good > 8;
}

#endif /* SELFTEST_KVM_SHARED_MSRS_TSC_H */
