/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHARED_MSRS_SPLITMIX_H
#define SHARED_MSRS_SPLITMIX_H

#include "machine.h"

/* splitmix64, by Sebastiano Vigna, who has put it into the public domain. */
static inline u64 splitmix64(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

#endif /* SHARED_MSRS_SPLITMIX_H */
