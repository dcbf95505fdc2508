// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration: every mixture of MSRs that are present, absent or read-only, with
 * the task that registers them preempted at every point; and what callers may do
 * wrong.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "rules.h"
#include "steps.h"
#include "virt.h"

#define MSRS 3
#define FULL (SIM_MSRS - 1)

static unsigned long transitions;

#define expect(got, wanted) \
	expect_(__func__, __LINE__, #got, (long long)(got), (long long)(wanted))

static void expect_(const char *test, int line, const char *what, long long got,
		    long long wanted)
{
	if (got != wanted)
		violation(0, "%s, line %d: %s is %lld, not %lld", test, line,
			  what, got, wanted);
}

static int define(int msr)
{
	int slot;

	now.probing = true;
	slot = kvm_define_shared_msr(SIM_FIRST_MSR + msr);
	now.probing = false;
	rules_after_step();
	return slot;
}

static int find(int msr)
{
	return kvm_find_shared_msr(SIM_FIRST_MSR + msr);
}

static void take(enum step_kind kind, int cpu, int number, u64 value)
{
	const struct step step = { kind, cpu, number, value, ~0ull };

	if (!step_possible(&step))
		violation(0, "the test takes an impossible step");
	path_first();
	path_begin();
	step_take(&step);
}

static void mixture(int cpu, int which)
{
	int slots = 0, msr;

	step_start();
	now.cpu = cpu;
	now.may = MAY_MIGRATE;
	for (msr = 0; msr < MSRS; msr++, which /= 3)
		now.presence[msr] = which % 3;

	expect(kvm_shared_msrs_init(), 0);
	for (msr = 0; msr < MSRS; msr++) {
		bool present = now.presence[msr] == MSR_PRESENT;

		expect(find(msr), -ENOENT);
		expect(define(msr), present ? slots : -ENXIO);
		expect(find(msr), present ? slots : -ENOENT);
		slots += present;
	}
	expect(now.messages, 0);
	kvm_shared_msrs_exit();
}

static void all_mixtures(void)
{
	int cpu, which;

	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		for (which = 0; which < 3 * 3 * 3; which++) {
			path_first();
			do {
				path_begin();
				mixture(cpu, which);
				transitions++;
			} while (path_next());
		}
	}
}

static void table_is_full(void)
{
	int msr;

	expect(kvm_shared_msrs_init(), 0);
	for (msr = 0; msr < FULL; msr++)
		expect(define(msr), msr);
	expect(now.messages, 0);
	expect(define(FULL), -ENOSPC);
	expect(now.messages, 1);
	for (msr = 0; msr < FULL; msr++)
		expect(find(msr), msr);
	expect(find(FULL), -ENOENT);
}

static void registered_twice(void)
{
	expect(kvm_shared_msrs_init(), 0);
	expect(define(0), 0);
	expect(define(1), 1);
	expect(define(0), -EEXIST);
	expect(define(1), -EEXIST);
	expect(now.messages, 2);
	expect(define(2), 2);
}

static void no_memory(void)
{
	now.alloc_fails = true;
	expect(kvm_shared_msrs_init(), -ENOMEM);
	now.alloc_fails = false;
	take(STEP_LOAD, 0, MSRS, 0);
}

static void loaded_again(void)
{
	take(STEP_LOAD, 0, FULL, 0);
	take(STEP_UNLOAD, 0, 0, 0);
	take(STEP_LOAD, 1, 1, 0);
	expect(find(0), 0);
	expect(find(1), -ENOENT);
}

/* A bug in the caller must not turn a guest's value into the host's. */
static void online_while_dirty(void)
{
	struct sim_cpu *c = &sim.cpu[0];

	take(STEP_LOAD, 0, MSRS, 0);
	take(STEP_ENABLE, 0, 0, 0);
	take(STEP_SWITCH, 0, 0, 0);
	take(STEP_SET, 0, 1, 0x100);
	expect(c->msr[1], 0x100);

	memset(&now, 0, sizeof(now));
	now.may_warn = true;
	sim_ipi(0, true);
	expect(now.warnings, 1);
	memcpy(c->want, c->host, sizeof(c->want));
	rules_in_user_mode(0);
	rules_after_step();

	take(STEP_SET, 0, 1, 0x100);
	take(STEP_RETURN, 0, 0, 0);
}

/* CPUs that differ in the MSRs they have are a bug that someone must hear of. */
static void online_without_msr(void)
{
	take(STEP_LOAD, 0, MSRS, 0);

	memset(&now, 0, sizeof(now));
	now.presence[1] = MSR_ABSENT;
	now.may_warn = true;
	sim_ipi(0, true);
	expect(now.warnings, 1);
	expect(core_current_value(0, 0), sim.cpu[0].msr[0]);
	expect(core_current_value(0, 1), 0);
	expect(core_current_value(0, 2), sim.cpu[0].msr[2]);
}

/* Never seen, but if it happens someone must hear of it. */
static void host_value_is_refused(void)
{
	struct sim_cpu *c = &sim.cpu[0];

	take(STEP_LOAD, 0, MSRS, 0);
	take(STEP_ENABLE, 0, 0, 0);
	take(STEP_SWITCH, 0, 0, 0);
	take(STEP_RUN, 0, SET_FIRST_SLOT, 0);

	memset(&now, 0, sizeof(now));
	now.presence[0] = MSR_READ_ONLY;
	now.may_warn = true;
	/* so that no rule is checked: there is nothing that could be done */
	c->irqs_off = true;
	kvm_shared_msr_cpu_offline();
	expect(now.warnings, 1);
}

/* CPUID shows WRMSRNS, and WRMSR does it where that is refused. */
static void wrmsrns_is_refused(void)
{
	sim_features = HAS_WRMSRNS | CPUID_LIES;
	take(STEP_LOAD, 0, MSRS, 0);
	take(STEP_ENABLE, 0, 0, 0);
	take(STEP_SWITCH, 0, 0, 0);
	take(STEP_RUN, 0, SET_ALL, 0);
	take(STEP_RETURN, 0, 0, 0);
	sim_features = 0;
}

int main(int argc, char **argv)
{
	static void (*const tests[])(void) = {
		all_mixtures, table_is_full, registered_twice, no_memory,
		loaded_again, online_while_dirty, online_without_msr,
		host_value_is_refused,
		wrmsrns_is_refused,
	};
	static size_t i;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	sim_hooks.choose = path_choose;
	if (setjmp(report_violated)) {
		printf("core_register: violation after %lu transitions:\n  %s\n",
		       transitions, report_violation);
		return 1;
	}
	for (i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		step_start();
		path_first();
		path_begin();
		tests[i]();
		transitions++;
	}
	printf("core_register: %lu transitions, %zu tests\n", transitions, i);
	return 0;
}
