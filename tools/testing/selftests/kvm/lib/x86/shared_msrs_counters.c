// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's trace events, for tests of shared MSRs. */
#include "shared_msrs_counters.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>

/* The unistd.h of tools/arch/x86 knows few system calls. */
#ifndef SYS_perf_event_open
#define SYS_perf_event_open 298
#endif

const char *tracefs(void)
{
	static const char * const folders[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing"
	};
	char path[64];
	int i;

	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s/events", folders[i]);
		if (!access(path, R_OK))
			return folders[i];
	}
	return NULL;
}

const char *shared_msrs_filter(void)
{
	static char filter[256];
	int i, length = 0;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		length += snprintf(filter + length, sizeof(filter) - length,
				   "%smsr == %#x", i ? " || " : "",
				   shared_msrs[i].index);
	return filter;
}

int tracepoint_id(const char *event)
{
	char path[256];
	int id = -1;
	FILE *file;

	snprintf(path, sizeof(path), "%s/events/%s/id", tracefs() ?: "", event);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%d", &id) != 1)
		id = -1;
	fclose(file);
	return id;
}

int counter_open(int cpu, const char *event, const char *filter)
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

u64 counter_read(int fd)
{
	u64 count;

	TEST_ASSERT(read(fd, &count, sizeof(count)) == sizeof(count),
		    "cannot read a counter, errno: %i", errno);
	return count;
}
