/* SPDX-License-Identifier: GPL-2.0-only */
/* The state that things are in: saved, and put back. */
#ifndef SHARED_MSRS_SNAPSHOT_H
#define SHARED_MSRS_SNAPSHOT_H

#include <stddef.h>

/* @memory is part of the state from now on. */
void snapshot_add(void *memory, size_t size);
/* In bytes, a multiple of 16. */
size_t snapshot_size(void);
void snapshot_save(void *to);
void snapshot_restore(const void *from);

#endif /* SHARED_MSRS_SNAPSHOT_H */
