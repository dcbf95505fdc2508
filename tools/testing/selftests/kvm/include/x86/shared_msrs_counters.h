/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's trace events, for tests of shared MSRs. */
#ifndef SELFTEST_KVM_SHARED_MSRS_COUNTERS_H
#define SELFTEST_KVM_SHARED_MSRS_COUNTERS_H

#include "shared_msrs.h"

/* tracefs, or NULL. */
const char *tracefs(void);

/* A filter of msr:write_msr that lets all shared MSRs pass. */
const char *shared_msrs_filter(void);

/* The number of an event "system/name"; -1 if this kernel does not have it. */
int tracepoint_id(const char *event);

/*
 * Count an event by perf: all that happens on one CPU, whatever runs there. Skips
 * the test if that cannot be counted. @filter: NULL for none.
 */
int counter_open(int cpu, const char *event, const char *filter);
u64 counter_read(int fd);

#endif /* SELFTEST_KVM_SHARED_MSRS_COUNTERS_H */
