// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared MSRs are not written needlessly, as the kernel's own trace event
 * msr:write_msr tells.
 *
 * As long as the CPU stays out of user mode, none of them is written: not for exits
 * that the kernel handles by itself, not for two vCPUs with equal values that take
 * turns on one CPU, and not for a kernel thread that preempts a vCPU. A round trip to
 * user mode writes an MSR twice at most, to restore and to load it, and not at
 * all if guest and host have the same value there.
 *
 * The guest marks the beginning and the end of what is to be counted with CPUID
 * functions of its own, which show up in the trace (kvm:kvm_cpuid) in order with
 * the WRMSRs. sched:sched_switch shows who else ran: another task of user mode
 * takes the host's values along, rightly so, and the window is opened anew.
 * The trace is read when the guest has stopped and nothing is recorded.
 *
 * These are upper bounds, for an MSR may well be switched without a WRMSR, as
 * EFER mostly is, by VM-entry. That the guest sees its own values all the same
 * is checked by SYSCALL and RDTSCP in each window.
 *
 * With kvm_amd TSC_AUX is the only shared MSR. SYSCALL's are switched with the
 * VMCB's state by VMLOAD; up to 5.10 the host's come back by WRMSR when the vCPU
 * is put, equal or not.
 */
#include "shared_msrs_counters.h"

#include <sys/stat.h>

#define INSTANCE	"instances/shared_msrs_count_test"

#define MARK_BEGIN	0x5a5a0001
#define MARK_END	0x5a5a0002

#define DOORBELL_PORT	0x5000
/* A pin of the IOAPIC that the PIC does not have; the IOAPIC masks it at reset. */
#define DOORBELL_GSI	20

/* A task's flag in /proc/PID/stat. */
#define PF_KTHREAD	0x00200000

#define NR_EVENTS	100
#define NR_TRIPS	20
#define MAX_TRIES	20

/* What a guest does in a window, NR_EVENTS times or NR_TRIPS. */
enum event {
	EVENT_CPUID,
	EVENT_EMULATED_WRMSR,
	EVENT_EQUAL_WRMSR,
	EVENT_FAULT,
	EVENT_HLT,
	NR_KERNEL_EXITS,
	EVENT_KERNEL_THREAD = NR_KERNEL_EXITS,
	EVENT_TURN,
	EVENT_USER_TRIP,
};

static const char * const kernel_exit_names[NR_KERNEL_EXITS] = {
	[EVENT_CPUID]		= "CPUID",
	[EVENT_EMULATED_WRMSR]	= "WRMSR of an emulated MSR",
	[EVENT_EQUAL_WRMSR]	= "WRMSR of the values that the MSRs have",
	[EVENT_FAULT]		= "EPT or NPT fault",
	[EVENT_HLT]		= "HLT with a timer",
};

#define NR_POINTS (NR_KERNEL_EXITS + NR_SHARED_MSRS + 7)

enum turn {
	TURN_A,
	TURN_B,
	TURN_OVER,
};

/* Written by the host before a window. */
static struct job {
	u32 event;
	u32 n;
	u64 values[2][NR_SHARED_MSRS];	/* of each vCPU */
} job;

/* Written by the guests in a window. */
static struct result {
	u32 events;
	u32 uses[2];
	struct tally effects[2][NR_EFFECTS];
} result;

static u32 turn;

/* --- Guest --- */

static void guest_mark(u32 mark)
{
	u32 eax, ebx, ecx, edx;

	cpuid(mark, &eax, &ebx, &ecx, &edx);
}

/* See by effect that the values are in place. */
static void guest_use(int vcpu)
{
	const u64 *values = job.values[vcpu];
	struct effects seen;

	guest_see(&seen, false);
	/* The guest has no memory where the host's SYSCALL lands. */
	if (values[SHARED_LSTAR] & BIT_ULL(63))
		check_effects_unmapped(result.effects[vcpu], values, &seen);
	else
		check_effects(result.effects[vcpu], values, &seen);
	result.uses[vcpu]++;
}

static void guest_pass_turn(enum turn to, u64 apic_id)
{
	WRITE_ONCE(turn, to);
	wrmsr(X2APIC_ICR, apic_id << 32 | INTERRUPT_VECTOR);
}

/* Interrupts are off but in HLT, so no wake-up is lost. */
static void guest_await_turn(bool mine)
{
	while ((READ_ONCE(turn) == TURN_A) != mine)
		guest_halt();
}

static void guest_event(u32 i)
{
	int msr;

	switch (job.event) {
	case EVENT_CPUID:
		guest_mark(0);
		break;
	case EVENT_EMULATED_WRMSR:
		wrmsr(MSR_IA32_MC0_ADDR, i);
		break;
	case EVENT_EQUAL_WRMSR:
		for (msr = 0; msr < NR_SHARED_MSRS; msr++) {
			if (guest_has.msr[msr])
				wrmsr(shared_msrs[msr].index,
				      job.values[0][msr]);
		}
		break;
	case EVENT_FAULT:
		WRITE_ONCE(*(u32 *)(FRESH_GPA + i * PAGE_BYTES), i);
		break;
	case EVENT_HLT:
		guest_nap(1);
		break;
	case EVENT_KERNEL_THREAD:
		outl(DOORBELL_PORT, i);
		break;
	case EVENT_TURN:
		guest_pass_turn(TURN_B, 1);
		guest_await_turn(true);
		guest_use(0);
		break;
	case EVENT_USER_TRIP:
		GUEST_SYNC(i);
		guest_use(0);
		break;
	}
	result.events++;
}

static void guest_a(void)
{
	u32 i;

	for (;;) {
		/* When B has passed the turn, it is in the kernel to stay. */
		if (job.event == EVENT_TURN)
			guest_await_turn(true);
		guest_use(0);

		guest_mark(MARK_BEGIN);
		for (i = 0; i < job.n; i++)
			guest_event(i);
		guest_use(0);
		guest_mark(MARK_END);

		if (job.event == EVENT_TURN)
			guest_pass_turn(TURN_OVER, 1);
		GUEST_SYNC(job.n);
	}
}

static void guest_b(void)
{
	for (;;) {
		guest_pass_turn(TURN_A, 0);
		for (;;) {
			guest_await_turn(false);
			if (READ_ONCE(turn) == TURN_OVER)
				break;
			guest_use(1);
			guest_pass_turn(TURN_A, 0);
		}
		GUEST_SYNC(0);
	}
}

static void guest_code(u64 id)
{
	guest_apic_init();
	if (id)
		guest_b();
	else
		guest_a();
}

/* --- Host: the trace --- */

/* What the trace says between the two marks. */
struct window {
	u32 marks;			/* a proper window has 3: 1 and 2 */
	bool lost;
	u32 writes[NR_SHARED_MSRS];
	u32 exits;
	u32 runs[2];			/* a vCPU's thread is switched in */
	u32 sleeps;			/* and out, not able to run */
	u32 preemptions;		/* by a kernel thread */
	u32 others;			/* other tasks of user mode ran */
	char first[512];		/* WRMSR */
};

static int this_cpu;

/* Why an MSR is not counted, or else NULL. */
static const char *not_counted[NR_SHARED_MSRS];

/* The threads that run A and B. */
static pid_t tids[2];

static bool tracing_write(const char *file, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/" INSTANCE "/%s", tracefs(), file);
	return host_write_file(path, text);
}

static void tracing_set(const char *file, const char *text)
{
	TEST_ASSERT(tracing_write(file, text),
		    "cannot write '%s' to %s of the trace, errno: %i", text,
		    file, errno);
}

static void tracing_remove(void)
{
	char path[256];

	tracing_write("events/enable", "0");
	snprintf(path, sizeof(path), "%s/" INSTANCE, tracefs());
	rmdir(path);
}

static void tracing_init(void)
{
	char path[256];

	if (!tracefs())
		ksft_exit_skip("no tracefs\n");
	if (tracepoint_id("msr/write_msr") < 0)
		ksft_exit_skip("this kernel has no trace event msr:write_msr\n");

	/* One of its own, so that nobody's tracing is disturbed. */
	snprintf(path, sizeof(path), "%s/" INSTANCE, tracefs());
	if (mkdir(path, 0700) && errno != EEXIST)
		ksft_exit_skip("no instance of the trace, errno: %i\n", errno);
	atexit(tracing_remove);

	tracing_set("tracing_on", "0");
	tracing_set("events/msr/write_msr/filter", shared_msrs_filter());
	tracing_set("events/msr/write_msr/enable", "1");
	tracing_set("events/sched/sched_switch/enable", "1");
	tracing_set("events/kvm/kvm_exit/enable", "1");
	tracing_set("events/kvm/kvm_cpuid/enable", "1");
}

/* A task that is gone by now may have been one. */
static bool is_user_task(pid_t pid)
{
	char path[32], stat[512] = "";
	unsigned int flags;
	const char *end;
	FILE *file;

	/* The idle task. */
	if (!pid)
		return false;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return true;
	if (!fgets(stat, sizeof(stat), file))
		*stat = '\0';
	fclose(file);

	/* The name before it may have anything in it. */
	end = strrchr(stat, ')');
	return !end ||
	       sscanf(end, ") %*c %*d %*d %*d %*d %*d %u", &flags) != 1 ||
	       !(flags & PF_KTHREAD);
}

static void look_at_switch(struct window *window, const char *text)
{
	const char *from = strstr(text, "prev_pid=");
	const char *state = strstr(text, "prev_state=");
	const char *to = strstr(text, "next_pid=");
	pid_t prev, next;

	TEST_ASSERT(from && state && to && sscanf(from, "prev_pid=%d", &prev) == 1 &&
		    sscanf(to, "next_pid=%d", &next) == 1,
		    "cannot read '%s'", text);
	state += strlen("prev_state=");

	if (prev == tids[0] || prev == tids[1]) {
		if (*state != 'R')
			window->sleeps++;
		else if (next && next != tids[0] && next != tids[1])
			window->preemptions++;
	}
	if (next == tids[0])
		window->runs[0]++;
	else if (next == tids[1])
		window->runs[1]++;
	else if (is_user_task(next))
		window->others++;
}

static void look_at_line(struct window *window, const char *line)
{
	const char *text;
	unsigned int number;
	int i;

	text = strstr(line, ": kvm_cpuid: func ");
	if (text && sscanf(text, ": kvm_cpuid: func %x", &number) == 1) {
		if (number == MARK_BEGIN)
			window->marks += 1;
		else if (number == MARK_END)
			window->marks += 2;
		return;
	}
	if (window->marks != 1)
		return;

	text = strstr(line, ": write_msr: ");
	if (text && sscanf(text, ": write_msr: %x", &number) == 1) {
		for (i = 0; i < NR_SHARED_MSRS; i++) {
			if (number != shared_msrs[i].index || not_counted[i])
				continue;
			window->writes[i]++;
			if (!*window->first)
				snprintf(window->first, sizeof(window->first),
					 "%s", line);
		}
		return;
	}
	text = strstr(line, ": sched_switch: ");
	if (text)
		look_at_switch(window, text);
	else if (strstr(line, ": kvm_exit: "))
		window->exits++;
}

static void tracing_read(struct window *window)
{
	unsigned long kept, written;
	char path[256], line[512];
	FILE *trace;

	/* Other CPUs are none of our business. */
	snprintf(path, sizeof(path), "%s/" INSTANCE "/per_cpu/cpu%d/trace",
		 tracefs(), this_cpu);
	trace = fopen(path, "r");
	TEST_ASSERT(trace, "cannot open %s, errno: %i", path, errno);

	memset(window, 0, sizeof(*window));
	window->lost = true;
	while (fgets(line, sizeof(line), trace)) {
		if (sscanf(line, "# entries-in-buffer/entries-written: %lu/%lu",
			   &kept, &written) == 2)
			window->lost = kept != written;
		else if (strstr(line, "LOST"))
			window->lost = true;
		else
			look_at_line(window, line);
	}
	fclose(trace);
}

/* --- Host: the guests --- */

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpus[2];

/* Of this test's CPU. */
static bool host_has(enum shared_msr msr)
{
	return host_before.msrs[this_cpu][msr].has;
}

static u64 host_value(enum shared_msr msr)
{
	return host_before.msrs[this_cpu][msr].value;
}

/* No two variants have such values in common but of these two, and no host. */
static u64 own_value(enum shared_msr msr, int variant)
{
	if (msr == SHARED_EFER)
		return GUEST_EFER & ~EFER_NX;
	if (msr == SHARED_TSX_CTRL)
		return host_value(msr) ^ TSX_CTRL_RTM_DISABLE;
	return shared_msr_value(msr, variant);
}

static void set_value(int vcpu, enum shared_msr msr, u64 value)
{
	if (!guest_has.msr[msr])
		return;
	/* The rest is not for guests: SVME, or what enables mitigations. */
	if (msr == SHARED_EFER)
		value &= GUEST_EFER;
	vcpu_set_msr(vcpus[vcpu], shared_msrs[msr].index, value);
	job.values[vcpu][msr] = value;
}

static void set_own_values(int vcpu, int variant)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		set_value(vcpu, i, own_value(i, variant));
}

/* Run a vCPU to its next GUEST_SYNC, and do nothing else. */
static void run(int vcpu)
{
	vcpu_run(vcpus[vcpu]);
	TEST_ASSERT(vcpus[vcpu]->run->exit_reason == KVM_EXIT_IO,
		    "unexpected exit %u (%s)", vcpus[vcpu]->run->exit_reason,
		    exit_reason_str(vcpus[vcpu]->run->exit_reason));
}

static void *run_b(void *unused)
{
	tids[1] = syscall(SYS_gettid);
	run(1);
	return NULL;
}

/* Returns why there is no result: other tasks of user mode come between every time. */
static const char *run_window(struct window *window, enum event event, u32 n)
{
	pthread_t thread;
	int tries;
	u32 i;

	for (tries = 0; tries < MAX_TRIES; tries++) {
		job.event = event;
		job.n = n;
		memset(&result, 0, sizeof(result));
		turn = TURN_B;
		sync_global_to_guest(vm, job);
		sync_global_to_guest(vm, result);
		sync_global_to_guest(vm, turn);
		vm_drop_fresh_pages(vm, NR_EVENTS);
		tids[0] = syscall(SYS_gettid);
		tids[1] = tids[0];

		tracing_set("trace", "\n");
		tracing_set("tracing_on", "1");
		if (event == EVENT_TURN)
			host_thread(&thread, run_b, NULL);
		for (i = 0; i < (event == EVENT_USER_TRIP ? n : 0); i++)
			run(0);
		run(0);
		if (event == EVENT_TURN)
			pthread_join(thread, NULL);
		tracing_set("tracing_on", "0");

		vcpu_check_sync(vcpus[0]);
		if (event == EVENT_TURN)
			vcpu_check_sync(vcpus[1]);
		sync_global_from_guest(vm, result);

		tracing_read(window);
		if (!window->others)
			return NULL;
	}
	return "other tasks keep coming between";
}

/* --- Host: test points --- */

/* Of one window. */
static struct tally point;
static u32 nr_writes;

/* That the window is what it is meant to be, and no WRMSR can have escaped. */
static void check_window(const struct window *window, u32 n)
{
	u32 uses = job.event == EVENT_TURN || job.event == EVENT_USER_TRIP ? n : 0;
	struct tally effects = tallies_sum(result.effects[0], NR_EFFECTS);

	memset(&point, 0, sizeof(point));
	tally_check(&point, "trace events are lost", false, window->lost);
	tally_check(&point, "marks in the trace", 3, window->marks);
	tally_check(&point, "events", n, result.events);
	tally_check(&point, "uses of the MSRs by A", uses + 2, result.uses[0]);
	tally_add(&point, &effects);
	if (job.event == EVENT_TURN) {
		effects = tallies_sum(result.effects[1], NR_EFFECTS);
		tally_check(&point, "uses of the MSRs by B", n, result.uses[1]);
		tally_add(&point, &effects);
	}
}

/* @most: how often an MSR may be written, by MSR. */
static void check_writes(const struct window *window, const u32 *most)
{
	bool ok = true;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!not_counted[i])
			ok &= tally_check(&point, shared_msrs[i].name,
					  min(most[i], window->writes[i]),
					  window->writes[i]);
	}
	if (!ok)
		ksft_print_msg("the first WRMSR: %s", window->first);
}

static const u32 none[NR_SHARED_MSRS];

#define NO_MSR "no access to /dev/cpu/*/msr"

static void test_kernel_exits(void)
{
	struct window window;
	const char *busy;
	int i;

	set_own_values(0, 0);
	for (i = 0; i < NR_KERNEL_EXITS; i++) {
		busy = run_window(&window, i, NR_EVENTS);
		check_window(&window, NR_EVENTS);
		tally_check_min(&point, "VM-exits", NR_EVENTS, window.exits);
		if (i == EVENT_HLT)
			tally_check_min(&point, "the vCPU's thread sleeps", 1,
					window.sleeps);
		check_writes(&window, none);
		tally_report_unless(busy, &point, "kernel exits, %s: no WRMSR",
				    kernel_exit_names[i]);
	}
}

/* KVM must not compare a guest's value with the host's. */
static bool is_secret(int msr)
{
	return msr == SHARED_LSTAR || msr == SHARED_CSTAR ||
	       msr == SHARED_TSC_AUX;
}

/* Of the MSRs that guest and host have, those in @differing have other values. */
static const char *test_user_trips(const char *name, unsigned long differing,
				   const char *skip)
{
	u32 most[NR_SHARED_MSRS] = { 0 };
	struct window window;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!guest_has.msr[i])
			continue;
		set_value(0, i, differing & BIT(i) || !host_has(i) ?
			  own_value(i, 0) : host_value(i));
		if (!host_has(i) || is_secret(i) ||
		    job.values[0][i] != host_value(i))
			most[i] = 2 * NR_TRIPS;
	}
	nr_writes = 0;
	if (!skip)
		skip = run_window(&window, EVENT_USER_TRIP, NR_TRIPS);
	if (!skip) {
		check_window(&window, NR_TRIPS);
		check_writes(&window, most);
		for (i = 0; i < NR_SHARED_MSRS; i++)
			nr_writes += window.writes[i];
	}
	tally_report_unless(skip, &point,
			    "user round trips, %s: at most 2 WRMSRs each, equal constants none",
			    name);
	return skip;
}

/* All the other points would pass if the event never came. */
static void test_witness(const char *skip)
{
	struct tally seen = {};

	if (not_counted[SHARED_LSTAR] && not_counted[SHARED_TSC_AUX])
		skip = "there are no shared MSRs";
	tally_check_min(&seen, "WRMSRs", 2 * NR_TRIPS, nr_writes);
	tally_report_unless(skip, &seen,
			    "WRMSRs are seen: %u in %u user round trips",
			    nr_writes, NR_TRIPS);
}

static void test_all_user_trips(void)
{
	char name[64];
	bool any = false;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		any |= host_has(i) && !not_counted[i];
	test_user_trips("equal values", 0, any ? NULL : NO_MSR);

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		snprintf(name, sizeof(name), "another %s", shared_msrs[i].name);
		test_user_trips(name, BIT(i),
				not_counted[i] ?: host_has(i) ? NULL : NO_MSR);
	}
	test_witness(test_user_trips("all values differ", ~0ul, NULL));
}

/* With EFER.SCE clear SYSCALL is #UD, whatever its MSRs hold. */
static void test_no_syscall(void)
{
	u32 most[NR_SHARED_MSRS] = {
		[SHARED_EFER]		= 2 * NR_TRIPS,
		[SHARED_TSC_AUX]	= 2 * NR_TRIPS,
		[SHARED_TSX_CTRL]	= 2 * NR_TRIPS,
	};
	const char *skip = not_counted[SHARED_LSTAR];
	struct window window;

	set_own_values(0, 0);
	set_value(0, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	if (!skip)
		skip = run_window(&window, EVENT_USER_TRIP, NR_TRIPS);
	if (!skip) {
		check_window(&window, NR_TRIPS);
		check_writes(&window, most);
	}
	tally_report_unless(skip, &point,
			    "guest without SYSCALL: no WRMSR of its MSRs");
}

/* Each turn of B is a switch to its thread and one back to A's. */
static void test_turns(const char *name, int variant_of_b)
{
	u32 most[NR_SHARED_MSRS] = { 0 };
	struct window window;
	const char *busy;
	int i;

	set_own_values(0, 0);
	set_own_values(1, variant_of_b);
	busy = run_window(&window, EVENT_TURN, NR_EVENTS);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (job.values[0][i] != job.values[1][i])
			most[i] = window.runs[0] + window.runs[1];
	}
	check_window(&window, NR_EVENTS);
	tally_check_min(&point, "runs of A", NR_EVENTS, window.runs[0]);
	tally_check_min(&point, "runs of B", NR_EVENTS, window.runs[1]);
	check_writes(&window, most);
	tally_report_unless(busy, &point, "two vCPUs in turn, %s", name);
}

/*
 * The guest writes to a port that signals an eventfd, and KVM has a kernel
 * thread of this CPU inject the interrupt that the eventfd stands for. It
 * preempts this one at once, whose policy gives way to every other.
 */
static void test_kernel_thread(void)
{
	const struct sched_param param = { 0 };
	struct window window;
	const char *busy;

	vm_add_doorbell(vm, DOORBELL_PORT, vm, DOORBELL_GSI);
	TEST_ASSERT(!sched_setscheduler(0, SCHED_IDLE, &param),
		    "SCHED_IDLE refused, errno: %i", errno);

	set_own_values(0, 0);
	busy = run_window(&window, EVENT_KERNEL_THREAD, NR_EVENTS);
	check_window(&window, NR_EVENTS);
	tally_check_min(&point, "preemptions", 1, window.preemptions);
	tally_check_min(&point, "runs after preemptions", window.preemptions,
			window.runs[0]);
	check_writes(&window, none);
	tally_report_unless(busy, &point,
			    "preemption by a kernel thread and back: no WRMSR (%u preemptions)",
			    window.preemptions);
}

static void create_guests(void)
{
	int i;

	vm = vm_create_with_vcpus(2, guest_code, vcpus);
	guests_init(vm, vcpus, 2);
	for (i = 0; i < 2; i++)
		vcpu_args_set(vcpus[i], 1, (u64)i);
	vm_add_fresh_pages(vm, NR_EVENTS);

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!guest_has.msr[i])
			not_counted[i] = "KVM does not offer it";
		else if (i != SHARED_TSC_AUX && is_kvm_amd())
			not_counted[i] = "kvm_amd does not share it";
	}
}

int main(int argc, char *argv[])
{
	shared_msrs_test_init();
	if (geteuid())
		ksft_exit_skip("only root may trace the kernel\n");
	this_cpu = host_pin_last();
	/* Fewer tries, where it is allowed; the trace shows who came between. */
	host_set_fifo(1);

	tracing_init();
	create_guests();
	report_plan(NR_POINTS);

	test_kernel_exits();
	test_all_user_trips();
	test_no_syscall();
	test_turns("equal values: no WRMSR", 0);
	test_turns("other values: at most 1 WRMSR a switch and differing MSR", 1);
	test_kernel_thread();

	kvm_vm_free(vm);
	report_end();
}
