// SPDX-License-Identifier: GPL-2.0-only
#include "paths.h"

static struct {
	u8 made[PATH_CHOICES];
	u8 of[PATH_CHOICES];
	int nr;
	int next;
} path;

void path_first(void)
{
	path.nr = 0;
}

void path_begin(void)
{
	path.next = 0;
}

/* Those of the path first, then "nothing happens". */
int path_choose(int nr)
{
	if (path.next == PATH_CHOICES)
		violation(0, "more than %d choices in one step", PATH_CHOICES);
	if (path.next == path.nr)
		path.made[path.nr++] = 0;
	path.of[path.next] = nr;
	return path.made[path.next++];
}

bool path_next(void)
{
	while (path.nr) {
		if (++path.made[path.nr - 1] < path.of[path.nr - 1])
			return true;
		path.nr--;
	}
	return false;
}

path_t path_pack(void)
{
	path_t choices = 0;
	int i;

	for (i = 0; i < path.nr; i++)
		choices |= (path_t)path.made[i] << (3 * i);
	return choices;
}

void path_unpack(path_t choices)
{
	for (path.nr = 0; path.nr < PATH_CHOICES; path.nr++)
		path.made[path.nr] = choices >> (3 * path.nr) & 7;
	path.next = 0;
}
