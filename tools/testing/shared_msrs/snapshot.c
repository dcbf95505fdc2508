// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <string.h>

#include "simulator.h"
#include "snapshot.h"

#define MAX_PARTS 8
/* The size of each part in a snapshot, where what fills it up is zeros. */
#define ROUND_UP(size) (((size) + 31) & ~(size_t)31)

static struct {
	void *memory;
	size_t size;
} parts[MAX_PARTS];
static int nr_parts;
static size_t total;

void snapshot_add(void *memory, size_t size)
{
	assert(nr_parts < MAX_PARTS);
	parts[nr_parts].memory = memory;
	parts[nr_parts++].size = size;
	total += ROUND_UP(size);
}

size_t snapshot_size(void)
{
	return total;
}

void snapshot_save(void *to)
{
	char *at = to;
	int i;

	sim_unlock_freed();
	for (i = 0; i < nr_parts; i++) {
		memset(at + parts[i].size, 0,
		       ROUND_UP(parts[i].size) - parts[i].size);
		memcpy(at, parts[i].memory, parts[i].size);
		at += ROUND_UP(parts[i].size);
	}
	sim_lock_freed();
}

void snapshot_restore(const void *from)
{
	const char *at = from;
	int i;

	sim_unlock_freed();
	for (i = 0; i < nr_parts; i++) {
		memcpy(parts[i].memory, at, parts[i].size);
		at += ROUND_UP(parts[i].size);
	}
	sim_lock_freed();
}
