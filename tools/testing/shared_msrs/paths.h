/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All ways through a step: it is taken again and again, and each time another
 * combination of choices is made.
 *
 *	path_first();
 *	do {
 *		path_begin();
 *		...what calls path_choose()...
 *	} while (path_next());
 */
#ifndef SHARED_MSRS_PATHS_H
#define SHARED_MSRS_PATHS_H

#include "report.h"

/* Three bits for each choice. */
typedef unsigned __int128 path_t;

#define PATH_CHOICES 42

void path_first(void);
void path_begin(void);
/* 0 to @nr - 1; @nr is 8 at most. */
int path_choose(int nr);
bool path_next(void);

/* The choices made since path_begin(), and the way to make them again. */
path_t path_pack(void);
void path_unpack(path_t choices);

#endif /* SHARED_MSRS_PATHS_H */
