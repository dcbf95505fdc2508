/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The search: every state that steps lead to, and every way from one to the
 * next.
 */
#ifndef SHARED_MSRS_SEARCH_H
#define SHARED_MSRS_SEARCH_H

#include <stdbool.h>

/**
 * struct search - what is searched
 * @name: of the program or of what it searches, for its messages
 * @nr_steps: how many different steps there are
 * @start: enters the first state, of which snapshot_save() saves all
 * @possible: whether a step can be taken in this state
 * @take: takes it
 * @normalize: makes states equal that do not differ in what follows
 * @tell: tells what it is, see tell()
 *
 * Each state is the state of two runs, in which the same steps are taken: one where
 * secrets are alike, see sim_alike, and one where they are not. What is observed
 * must be the same in both.
 */
struct search {
	const char *name;
	int nr_steps;
	void (*start)(void);
	bool (*possible)(int step);
	void (*take)(int step);
	void (*normalize)(void);
	void (*tell)(int step);
};

/*
 * Reads the program's options: -d DEPTH, and the letters of @letters, each of
 * which sets a flag. False if there is anything else; @usage is told then.
 */
bool search_options(int argc, char **argv, const char *usage,
		    const char *letters, bool flags[]);

/*
 * Goes no deeper than the option -d says. True if no violation was found; one that
 * was is told.
 */
bool search(const struct search *search);

#endif /* SHARED_MSRS_SEARCH_H */
