/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The search: every state that steps lead to, and every way from one to the
 * next.
 */
#ifndef SHARED_MSRS_SEARCH_H
#define SHARED_MSRS_SEARCH_H

#include <stddef.h>

#include "paths.h"

/**
 * struct search - what is searched
 * @name: of the program or of what it searches, for its messages
 * @nr_steps: how many different steps there are
 * @size: of a state, in bytes, a multiple of eight
 * @start: enters the first state
 * @save: saves the state that things are in
 * @restore: and back
 * @possible: whether a step can be taken in this state
 * @take: takes it
 * @tell: tells what it is, see tell()
 */
struct search {
	const char *name;
	int nr_steps;
	size_t size;
	void (*start)(void);
	void (*save)(void *to);
	void (*restore)(const void *from);
	bool (*possible)(int step);
	void (*take)(int step);
	void (*tell)(int step);
};

/*
 * Reads the program's options: -d DEPTH and, unless @flags is NULL, -f and -l,
 * which set these.  False where there is anything else: @usage is told then.
 */
bool search_options(int argc, char **argv, const char *usage, bool flags[2]);

/*
 * Goes no deeper than the option -d says.  True where no violation was found; a
 * violation is told.
 */
bool search(const struct search *search);

#endif /* SHARED_MSRS_SEARCH_H */
