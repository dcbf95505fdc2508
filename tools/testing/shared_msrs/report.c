// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>

#include "report.h"

#define MAX_OBSERVATIONS 4096

jmp_buf report_violated;
char report_violation[256];
FILE *report_tell;

static struct {
	bool on, compare;
	int nr, next;
	struct {
		const char *what;
		u64 number;
	} made[MAX_OBSERVATIONS];
} observations;

void violation(int rule, const char *format, ...)
{
	size_t len;
	va_list args;

	if (rule)
		len = snprintf(report_violation, sizeof(report_violation),
			       "rule %d: ", rule);
	else
		len = snprintf(report_violation, sizeof(report_violation),
			       "contract: ");
	va_start(args, format);
	vsnprintf(report_violation + len, sizeof(report_violation) - len,
		  format, args);
	va_end(args);
	longjmp(report_violated, 1);
}

void tell(const char *format, ...)
{
	va_list args;

	if (!report_tell)
		return;
	va_start(args, format);
	vfprintf(report_tell, format, args);
	va_end(args);
}

void observe_begin(int run)
{
	observations.on = true;
	observations.compare = run;
	if (!run)
		observations.nr = 0;
	observations.next = 0;
}

void observe(const char *what, u64 number)
{
	int i = observations.next++;

	if (!observations.on)
		return;
	if (!observations.compare) {
		if (i == MAX_OBSERVATIONS)
			violation(0, "more than %d observations in one step", i);
		observations.made[i].what = what;
		observations.made[i].number = number;
		observations.nr = i + 1;
		return;
	}
	if (i >= observations.nr)
		violation(7, "%s (0x%llx), but nothing if secrets are alike",
			  what, number);
	if (observations.made[i].what != what ||
	    observations.made[i].number != number)
		violation(7, "%s (0x%llx), but %s (0x%llx) if secrets are alike",
			  what, number, observations.made[i].what,
			  observations.made[i].number);
}

/* Weak: libFuzzer has one, too. */
__attribute__((weak)) void __sanitizer_cov_trace_pc(void)
{
	observe("code", (u64)__builtin_return_address(0));
}

void observe_end(int run)
{
	if (run && observations.next != observations.nr)
		violation(7, "nothing more, but %s (0x%llx) if secrets are alike",
			  observations.made[observations.next].what,
			  observations.made[observations.next].number);
	observations.on = false;
}
