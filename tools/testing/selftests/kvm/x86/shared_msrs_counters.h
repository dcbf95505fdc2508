/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts of the kernel's trace events, through perf: of all that happens on one
 * CPU, whatever runs there.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_COUNTERS_H
#define SELFTEST_KVM_SHARED_MSRS_COUNTERS_H

#include <linux/perf_event.h>
#include <sys/ioctl.h>

#include "shared_msrs.h"

#ifndef SYS_perf_event_open
#define SYS_perf_event_open 298
#endif

/* Of an event "system/name"; -1 if this kernel does not have it. */
static inline int tracepoint_id(const char *event)
{
	static const char * const folders[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing"
	};
	char path[256];
	int i, id = -1;
	FILE *file;

	for (i = 0; i < ARRAY_SIZE(folders) && id < 0; i++) {
		snprintf(path, sizeof(path), "%s/events/%s/id", folders[i],
			 event);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fscanf(file, "%d", &id) != 1)
			id = -1;
		fclose(file);
	}
	return id;
}

/* Skips the test if such a thing cannot be counted.  NULL: without a filter. */
static inline int counter_open(int cpu, const char *event, const char *filter)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
	};
	int id = tracepoint_id(event), fd;

	if (id < 0)
		ksft_exit_skip("no trace event %s\n", event);
	attr.config = id;
	fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);
	if (fd < 0)
		ksft_exit_skip("perf does not count %s, errno: %i\n", event,
			       errno);
	if (filter && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter))
		ksft_exit_skip("perf takes no filter, errno: %i\n", errno);
	return fd;
}

static inline u64 counter_read(int fd)
{
	u64 count;

	TEST_ASSERT(read(fd, &count, sizeof(count)) == sizeof(count),
		    "cannot read a counter, errno: %i", errno);
	return count;
}

#endif /* SELFTEST_KVM_SHARED_MSRS_COUNTERS_H */
