/* SPDX-License-Identifier: GPL-2.0-only */
/* What takes steps at random, all of them from a seed. */
#ifndef SHARED_MSRS_SEEDED_H
#define SHARED_MSRS_SEEDED_H

#include "report.h"

/* How many steps have been taken. */
extern unsigned long seeded_taken;

u64 seeded_random(void);

/*
 * The program @name: takes the options -s SEED and -n STEPS, and that many steps
 * by @run, whose @tell is the last step if those that lead to it are to be told,
 * and else 0. A violation is told, by the same steps again. Returns the
 * program's exit status.
 */
int seeded(const char *name, int argc, char **argv,
	   void (*run)(unsigned long steps, unsigned long tell));

/* Has the last of @tell steps told, if that is not 0. */
void seeded_tell(unsigned long tell);

#endif /* SHARED_MSRS_SEEDED_H */
