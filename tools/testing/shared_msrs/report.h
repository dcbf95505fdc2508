/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests find, tell and compare. */
#ifndef SHARED_MSRS_REPORT_H
#define SHARED_MSRS_REPORT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

#define __printf(format, first) __attribute__((__format__(printf, format, first)))
#define __noreturn __attribute__((__noreturn__))

/* Where a violation goes, and what it was. */
extern jmp_buf report_violated;
extern char report_violation[256];
/* If set, what happens is told in words. */
extern FILE *report_tell;

/* Rule 0 is the contract: what the core's and the kernel's headers demand. */
__noreturn __printf(2, 3)
void violation(int rule, const char *format, ...);
__printf(1, 2)
void tell(const char *format, ...);

/*
 * Two runs of a step, one after the other. What is observed in the second must
 * be what was observed in the first.
 */
void observe_begin(int run);
void observe(const char *what, u64 number);
void observe_end(int run);
/* The compiler calls it in each basic block of the code under test. */
void __sanitizer_cov_trace_pc(void);

#endif /* SHARED_MSRS_REPORT_H */
