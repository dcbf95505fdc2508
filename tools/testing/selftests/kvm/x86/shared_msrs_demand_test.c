// SPDX-License-Identifier: GPL-2.0-only
/*
 * Demand loading of shared MSRs: a guest that does not use its values does not
 * pay for them, one that does is none the wiser.
 *
 * Each user round trip is one KVM_RUN: the guest executes SYSCALL, RDTSCP, both
 * or neither, sees by effect that the values are its own, and reports back. How
 * many WRMSRs of which MSRs that cost is counted by the kernel's trace event
 * msr:write_msr, and #UDs that left the guest by kvm:kvm_exit, both through
 * perf. A CPU that is shared with other tasks of user mode may see some more
 * WRMSRs, where the guest uses its values at all.
 *
 * Then what a gate must not disturb: genuine #UDs, EFER.SCE, values that change
 * behind a closed gate, single-stepping, MSR filters, and a vCPU that goes from CPU
 * to CPU.
 */
#include "shared_msrs.h"
#include "shared_msrs_counters.h"

#include <signal.h>
#include <sys/ioctl.h>

#define NR_TRIPS	1000
#define NR_SHORT_TRIPS	100

/* Where the guest has itself stepped by the VMM, and the steps until SYSCALL at most. */
#define STEP_PORT	0x5000
#define MAX_STEPS	1000

/* Test points. */
#define NR_COSTS	(ARRAY_SIZE(costs) + 1)

#define RFLAGS_TF	0x100ULL
#define DB_VECTOR	1

/* What the guest does in a trip. */
enum {
	USE_SYSCALL	= 1,
	USE_TSC_AUX	= 2,
	USE_UD2		= 4,
	USE_INVALID	= 8,
	USE_RDMSR	= 16,
	USE_WRMSR	= 32,	/* of job.values, first of all */
	USE_STEPS	= 64,
	USE_TF		= 128,	/* over SYSCALL */
	USE_STEP_PORT	= 256,
};

static struct job {
	u64 use;
	u64 values[NR_SHARED_MSRS];
	u64 denied;		/* the filter lets no MSR be read or written */
} job;

static struct result {
	u64 trips;
	struct tally effects[NR_EFFECTS];
	struct tally genuine;
	struct tally efer;
	struct tally steps;
	u64 uds;
	u64 traps;
} result;

/* --- Guest --- */

static void guest_ud2(void)
{
	asm volatile("ud2");
}

/* PUSH ES, which 64-bit mode does not have. */
static void guest_invalid(void)
{
	asm volatile(".byte 0x06");
}

/* With TF set RDTSCP is a step, and so is the POPF that clears it. */
static void guest_step(void)
{
	/* Step over the red zone before pushing. */
	asm volatile("lea	-128(%%rsp), %%rsp\n\t"
		     "pushfq\n\t"
		     "pushfq\n\t"
		     "orq	%[tf], (%%rsp)\n\t"
		     "popfq\n\t"
		     "rdtscp\n\t"
		     "popfq\n\t"
		     "lea	128(%%rsp), %%rsp\n\t"
		     : : [tf] "i"(RFLAGS_TF)
		     : "rax", "rcx", "rdx", "memory", "cc");
}

static void guest_ud(struct ex_regs *regs)
{
	const u8 *insn = (const u8 *)regs->rip;

	if (insn[0] == 0x0f && insn[1] == 0x0b)
		regs->rip += 2;
	else if (insn[0] == 0x06)
		regs->rip++;
	else
		guest_fault(regs);
	result.uds++;
}

/* Where SYSCALL lands no IRET leads back to: see guest_fault(). */
static void guest_db(struct ex_regs *regs)
{
	result.traps++;
	/* KVM steps by TF. PUSHF has saved it, and POPF sets it again. */
	if (job.use & USE_STEP_PORT)
		regs->rflags &= ~RFLAGS_TF;
	else if (regs->rcx == (uintptr_t)guest_syscall_next)
		guest_fault(regs);
}

/* With TF set SYSCALL is a step, which ends at LSTAR. */
static void guest_step_syscall(void)
{
	const u64 rflags = EFFECTS_RFLAGS | RFLAGS_TF, *values = job.values;
	static struct landing landing;

	guest_syscall(&landing, rflags);
	tally_check(&result.steps, "exception vector", DB_VECTOR, landing.vector);
	tally_check(&result.steps, "RIP", values[SHARED_LSTAR], landing.rip);
	tally_check(&result.steps, "CS", values[SHARED_STAR] >> 32 & 0xfffc, landing.cs);
	tally_check(&result.steps, "RFLAGS", rflags & ~values[SHARED_SYSCALL_MASK],
		    landing.rflags);
	tally_check(&result.steps, "R11", rflags, landing.r11);
}

static void guest_trip(void)
{
	/* Not on the stack, which the library does not align for SSE. */
	static struct effects seen;
	const u64 *values = job.values;
	u64 uds = result.uds, traps = result.traps;

	if (job.use & USE_WRMSR) {
		guest_wrmsr_all(values);
		wrmsr(MSR_EFER, values[SHARED_EFER]);
	}
	if (job.use & USE_RDMSR) {
		u64 efer = values[SHARED_EFER];

		tally_check(&result.efer, "exception of RDMSR",
			    job.denied ? GP_VECTOR : NO_VECTOR,
			    guest_try_rdmsr(MSR_EFER, &efer));
		tally_check(&result.efer, "EFER", values[SHARED_EFER], efer);
	}
	if (job.use & USE_UD2) {
		guest_ud2();
		tally_check(&result.genuine, "#UDs by UD2", ++uds, result.uds);
	}
	if (job.use & USE_INVALID) {
		guest_invalid();
		tally_check(&result.genuine, "#UDs by 06", ++uds, result.uds);
	}
	if (job.use & USE_STEPS) {
		guest_step();
		tally_check(&result.steps, "#DBs by RDTSCP and POPF", traps + 2,
			    result.traps);
	}
	if (job.use & USE_TF)
		guest_step_syscall();

	/* The other group's effect is as it should be, if nobody looks. */
	seen.rdtscp = values[SHARED_TSC_AUX];
	seen.rdpid = values[SHARED_TSC_AUX];
	seen.transactions = 0;
	if (job.use & USE_TSC_AUX)
		guest_see_tsc_aux(&seen, tally_step & 1);
	if (job.use & USE_SYSCALL) {
		if (job.use & USE_STEP_PORT)
			outl(STEP_PORT, 0);
		guest_syscall(&seen.syscall, EFFECTS_RFLAGS);
		/* As guest_db() says. */
		if (job.use & USE_STEP_PORT)
			seen.syscall.r11 &= ~RFLAGS_TF;
		check_effects(result.effects, values, &seen);
	} else {
		check_other_effects(result.effects, values, &seen);
	}
	result.trips++;
}

static void guest_code(void)
{
	for (;;) {
		guest_trip();
		GUEST_SYNC(0);
	}
}

/* --- Host: counters --- */

enum counter {
	COUNT_SYSCALL,	/* WRMSRs of SYSCALL's MSRs, of which CSTAR is one */
	COUNT_TSC_AUX,	/* WRMSRs of TSC_AUX */
	COUNT_FAULTS,	/* #UDs and other exceptions that are exits */
	NR_COUNTERS
};

static const struct {
	const char *event;
	const char *filter;
} counters[NR_COUNTERS] = {
	[COUNT_SYSCALL]	= { "msr/write_msr",
			    "msr >= 0xc0000081 && msr <= 0xc0000084" },
	[COUNT_TSC_AUX]	= { "msr/write_msr", "msr == 0xc0000103" },
	[COUNT_FAULTS]	= { "kvm/kvm_exit", "exit_reason == 0" },
};

static int counter_fds[NR_COUNTERS];

/* Of this CPU, whatever runs there. */
static void counters_init(int cpu)
{
	int i;

	for (i = 0; i < NR_COUNTERS; i++)
		counter_fds[i] = counter_open(cpu, counters[i].event,
					      counters[i].filter);
}

static void counters_read(u64 counts[NR_COUNTERS])
{
	int i;

	for (i = 0; i < NR_COUNTERS; i++)
		counts[i] = counter_read(counter_fds[i]);
}

/* --- Host: guests --- */

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static int this_cpu;
static struct tally host[NR_HOST_EFFECTS];

/* Whether guests have RTM, if KVM offers it. */
static bool with_rtm;

static void set_value(enum shared_msr msr, u64 value)
{
	job.values[msr] = value;
	if (guest_has.msr[msr])
		vcpu_set_msr(vcpu, shared_msrs[msr].index, value);
}

static void set_values(u32 n)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		set_value(i, shared_msr_value(i, n));
}

static struct tally point;

static void set_guest_debug(u32 control)
{
	struct kvm_guest_debug debug = { .control = control };

	vcpu_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug);
}

/* How often the VMM stepped over SYSCALL, and how often KVM loaded the values for it. */
static long stepped, stepped_faults;

/* From the port on, until SYSCALL has been a step. The guest's POPF ends stepping. */
static void step_over_syscall(void)
{
	long faults = host_kvm_stat("shared_msr_faults");
	u64 rip = 0, before = 0;
	u32 i;

	for (i = 0; i < MAX_STEPS && before != (uintptr_t)guest_syscall_insn; i++) {
		before = rip;
		set_guest_debug(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP);
		vcpu_run(vcpu);
		host_check(host);
		tally_check(&point, "exit reason", KVM_EXIT_DEBUG, vcpu->run->exit_reason);
		rip = vcpu->run->debug.arch.pc;
	}
	tally_check(&point, "RIP after SYSCALL", job.values[SHARED_LSTAR], rip);
	stepped++;
	stepped_faults += host_kvm_stat("shared_msr_faults") - faults;
	set_guest_debug(0);
}

static void trip(u64 use)
{
	struct access access;

	job.use = use;
	sync_global_to_guest(vm, job);
	vcpu_run(vcpu);
	host_check(host);
	if (vcpu_access(vcpu, &access)) {
		step_over_syscall();
		vcpu_run(vcpu);
		host_check(host);
	}
	vcpu_check_sync(vcpu);
}

/* A vCPU with no past. */
static void guest_new(void)
{
	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	guests_init(vm, &vcpu, 1);
	if (!with_rtm && kvm_cpu_has(X86_FEATURE_RTM))
		vcpu_clear_cpuid_feature(vcpu, X86_FEATURE_RTM);
	vm_install_exception_handler(vm, UD_VECTOR, guest_ud);
	vm_install_exception_handler(vm, DB_VECTOR, guest_db);
	job.denied = 0;
	memset(&result, 0, sizeof(result));
	memset(host, 0, sizeof(host));
	sync_global_to_guest(vm, result);
	set_values(1);
}

/* End a test: its point, with what the guest and the host saw all the while. */
static void guest_end(u64 trips)
{
	struct tally effects, host_effects = tallies_sum(host, NR_HOST_EFFECTS);

	sync_global_from_guest(vm, result);
	effects = tallies_sum(result.effects, NR_EFFECTS);
	tally_check(&point, "trips", trips, result.trips);
	tally_add(&point, &effects);
	tally_add(&point, &result.genuine);
	tally_add(&point, &result.efer);
	tally_add(&point, &result.steps);
	tally_add(&point, &host_effects);
	kvm_vm_free(vm);
}

/* --- Host: what it costs --- */

/* KVM's statistics of the trips counted last */
static long gated, faults;

/* NR_TRIPS round trips that use @use, and every @every-th of them. */
static void count(u64 use, u32 every, u64 always, u64 counts[NR_COUNTERS])
{
	u64 before[NR_COUNTERS];
	u32 i;

	memset(&point, 0, sizeof(point));
	guest_new();
	gated = host_kvm_stat("shared_msr_gated");
	faults = host_kvm_stat("shared_msr_faults");
	counters_read(before);
	for (i = 0; i < NR_TRIPS; i++) {
		tally_step = i;
		trip(always | (i % every ? 0 : use));
	}
	counters_read(counts);
	gated = host_kvm_stat("shared_msr_gated") - gated;
	faults = host_kvm_stat("shared_msr_faults") - faults;
	for (i = 0; i < NR_COUNTERS; i++)
		counts[i] -= before[i];
	guest_end(NR_TRIPS);
	ksft_print_msg("%u trips: %lu WRMSRs for SYSCALL, %lu for TSC_AUX, %lu exceptions\n",
		       NR_TRIPS, counts[COUNT_SYSCALL], counts[COUNT_TSC_AUX],
		       counts[COUNT_FAULTS]);
}

/* What loading three MSRs and TSC_AUX in each trip costs, and restoring them. */
#define EAGER_SYSCALL	(6 * NR_TRIPS)
#define EAGER_TSC_AUX	(2 * NR_TRIPS)

#define RARELY		(NR_TRIPS / 100 - 1)
#define ANY		(~0ull)

/* At most, and at least: the counters count. */
static const struct cost {
	const char *name;
	u64 use;
	u32 every;
	u64 always;
	u64 most[NR_COUNTERS];
	u64 least[NR_COUNTERS];
	bool with_rtm;
} costs[] = {
	{ "neither SYSCALL nor RDTSCP: no WRMSR",
	  0, 1, 0, { 0, 0, 0 } },
	{ "a SYSCALL in 16 trips: at most a seventh of the WRMSRs",
	  USE_SYSCALL, 16, 0, { EAGER_SYSCALL / 7, 0, ANY } },
	{ "a SYSCALL in each trip: under 1% more exits, no WRMSR of TSC_AUX",
	  USE_SYSCALL, 1, 0, { ANY, 0, RARELY }, { EAGER_SYSCALL } },
	{ "an RDTSCP in each trip: likewise, and none for SYSCALL",
	  USE_TSC_AUX, 1, 0, { 0, ANY, RARELY }, { 0, EAGER_TSC_AUX } },
	{ "SYSCALL and RDTSCP in each trip: as if each were alone",
	  USE_SYSCALL | USE_TSC_AUX, 1, 0, { ANY, ANY, 2 * RARELY } },
	/*
	 * Neither has anything to do with a gate. KVM has UD2 executed twice, and
	 * once more if an interrupt of the host comes in between.
	 */
	{ "UD2 in each trip: no WRMSR, two exits for a UD2, seldom three",
	  0, 1, USE_UD2, { 0, 0, 2 * NR_TRIPS + NR_TRIPS / 2 } },
	/* A transaction would suppress the #UD, and the gate stay closed. */
	{ "neither, in a guest with RTM: TSC_AUX has no gate",
	  0, 1, 0, { 0, ANY, ANY }, { 0, EAGER_TSC_AUX }, true },
};

static const char *no_rdtscp(void)
{
	return guest_has.rdtscp ? NULL : "KVM offers no RDTSCP";
}

static void test_cost(const struct cost *cost)
{
	static const char * const names[NR_COUNTERS] = {
		[COUNT_SYSCALL]	= "WRMSRs for SYSCALL",
		[COUNT_TSC_AUX]	= "WRMSRs of TSC_AUX",
		[COUNT_FAULTS]	= "exceptions",
	};
	const char *skip = cost->use & USE_TSC_AUX ? no_rdtscp() : NULL;
	u64 counts[NR_COUNTERS];
	int i;

	if (cost->with_rtm && !kvm_cpu_has(X86_FEATURE_RTM))
		skip = "KVM offers no RTM";
	if (skip) {
		tally_report_unless(skip, NULL, "%s", cost->name);
		return;
	}
	with_rtm = cost->with_rtm;
	count(cost->use, cost->every, cost->always, counts);
	with_rtm = false;
	for (i = 0; i < NR_COUNTERS; i++) {
		tally_check_max(&point, names[i], cost->most[i], counts[i]);
		tally_check_min(&point, names[i], cost->least[i], counts[i]);
	}
	tally_report(&point, "%s", cost->name);
}

/* TSC_AUX stays behind its gate in every trip. */
static void test_statistics(void)
{
	u64 counts[NR_COUNTERS];

	count(USE_SYSCALL, 16, 0, counts);
	tally_check(&point, "shared_msr_faults", counts[COUNT_FAULTS], faults);
	tally_check_min(&point, "shared_msr_gated", NR_TRIPS, gated);
	tally_report_unless(host_kvm_stat("shared_msr_faults") < 0 ? "no debugfs" : NULL,
			    &point,
			    "KVM's statistics: each trip gated, and as many faults");
}

/* "Load IA32_EFER" of VM-entry, without which there is no gate for SYSCALL. */
static bool efer_is_switched(void)
{
	int fd = host_open_msrs(this_cpu);
	u64 controls = ~0ull;

	if (pread(fd, &controls, sizeof(controls), MSR_IA32_VMX_ENTRY_CTLS) !=
	    sizeof(controls))
		controls = ~0ull;
	close(fd);
	return controls & BIT_ULL(32 + 15);
}

/* --- Host: what must not change --- */

/* In all orders, and now and then nothing, so that gates close again. */
static u64 any_use(u32 i)
{
	static const u64 uses[] = {
		0, USE_SYSCALL, 0, USE_TSC_AUX, USE_SYSCALL | USE_TSC_AUX, 0, 0,
	};

	return uses[i % ARRAY_SIZE(uses)];
}

static u64 genuine_uds(u32 i)
{
	return any_use(i) | USE_UD2 | (i % 3 ? USE_INVALID : 0);
}

static u64 values_by_host(u32 i)
{
	set_values(i);
	return any_use(i / 2);
}

static u64 values_by_guest(u32 i)
{
	guest_values(job.values, i);
	return any_use(i / 2) | USE_WRMSR;
}

static u64 efer_is_shown(u32 i)
{
	/* And user space sees what the guest sees. */
	tally_check(&point, "KVM_GET_MSRS of EFER", job.values[SHARED_EFER],
		    vcpu_get_msr(vcpu, MSR_EFER));
	return any_use(i) | USE_RDMSR;
}

static u64 sce_by_host(u32 i)
{
	set_value(SHARED_EFER, GUEST_EFER & ~(i & 2 ? EFER_SCE : 0));
	return any_use(i / 4) | USE_RDMSR;
}

static u64 sce_by_guest(u32 i)
{
	guest_values(job.values, i);
	job.values[SHARED_EFER] = GUEST_EFER & ~(i & 1 ? EFER_SCE : 0);
	return any_use(i / 2) | USE_RDMSR | USE_WRMSR;
}

/* NX is another bit of EFER that may differ from the host's. */
static u64 nx_by_host(u32 i)
{
	set_value(SHARED_EFER, GUEST_EFER & ~(i & 1 ? EFER_NX : 0));
	return any_use(i / 2) | USE_RDMSR;
}

/* A KVM_RUN that a signal ends before VM-entry: gates are closed by then. */
static void run_interrupted(void)
{
	struct kvm_signal_mask *none;
	sigset_t signals;

	/* As long as the kernel's mask is. */
	none = calloc(1, sizeof(*none) + 8);
	TEST_ASSERT(none, "no memory");
	none->len = 8;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);

	sigprocmask(SIG_BLOCK, &signals, NULL);
	raise(SIGUSR1);
	TEST_ASSERT(!ioctl(vcpu->fd, KVM_SET_SIGNAL_MASK, none),
		    "KVM_SET_SIGNAL_MASK failed, errno: %i", errno);
	TEST_ASSERT(__vcpu_run(vcpu) == -1 && errno == EINTR,
		    "KVM_RUN was not interrupted");
	TEST_ASSERT(!ioctl(vcpu->fd, KVM_SET_SIGNAL_MASK, NULL),
		    "KVM_SET_SIGNAL_MASK failed, errno: %i", errno);
	sigwaitinfo(&signals, NULL);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	free(none);
}

/* From 5.16 on KVM takes the CPUID of a vCPU that ran, but does nothing then. */
static u64 cpuid_by_host(u32 i)
{
	if (!i)
		run_interrupted();
	vcpu_set_cpuid(vcpu);
	return any_use(i);
}

static u64 single_steps(u32 i)
{
	return any_use(i) | USE_STEPS;
}

static u64 single_step_syscall(u32 i)
{
	return any_use(i / 2) | USE_TF;
}

/* As soon as KVM has seen many uses in a row, it waits for none. */
#define NR_UNSTEPPED	32

static u64 stepped_by_vmm(u32 i)
{
	if (!i) {
		stepped = 0;
		stepped_faults = 0;
	}
	if (i == NR_SHORT_TRIPS - 1 && efer_is_switched() &&
	    host_kvm_stat("shared_msr_faults") >= 0) {
		tally_check_min(&point, "steps that faulted", 1, stepped_faults);
		tally_check_max(&point, "steps that faulted", stepped - 1,
				stepped_faults);
	}
	return USE_SYSCALL | (i < NR_UNSTEPPED ? 0 : USE_STEP_PORT);
}

#ifdef KVM_X86_SET_MSR_FILTER
/* For some trips. The only MSR that it allows is none of ours. */
static u64 msr_filter(u32 i)
{
	static u64 allowed = 1;
	struct kvm_msr_filter filter = {
		.flags = KVM_MSR_FILTER_DEFAULT_DENY,
		.ranges[0] = {
			.flags = KVM_MSR_FILTER_READ,
			.base = MSR_IA32_UCODE_REV,
			.nmsrs = 1,
			.bitmap = (u8 *)&allowed,
		},
	};

	job.denied = i / 8 % 2;
	if (!job.denied)
		memset(&filter, 0, sizeof(filter));
	TEST_ASSERT(!__vm_ioctl(vm, KVM_X86_SET_MSR_FILTER, &filter),
		    "KVM_X86_SET_MSR_FILTER failed, errno: %i", errno);
	return any_use(i / 2) | USE_RDMSR;
}
#else
#define msr_filter	NULL
#endif

static u64 next_cpu(u32 i)
{
	static int cpu;

	if (!i)
		cpu = this_cpu;
	cpu = host_pin_next(cpu);
	return any_use(i / 2);
}

/* Trips whose i-th is made up by a function, which returns what to use in it. */
static const struct trips {
	const char *name;
	u64 (*prepare)(u32 i);
	const char *(*skip)(void);
} all_trips[] = {
	{ "uses in any order see the guest's values", any_use },
	{ "the guest handles genuine #UDs by itself", genuine_uds },
	{ "values change by KVM_SET_MSRS", values_by_host },
	{ "values change by WRMSR", values_by_guest },
	{ "EFER.SCE stays set for who reads it", efer_is_shown },
	{ "EFER.SCE changes by KVM_SET_MSRS", sce_by_host },
	{ "EFER.SCE changes by WRMSR", sce_by_guest },
	{ "EFER.NX changes by KVM_SET_MSRS", nx_by_host },
	{ "CPUID is set again", cpuid_by_host },
	{ "single steps, one for each instruction", single_steps, no_rdtscp },
	{ "single steps over SYSCALL", single_step_syscall },
	{ "the VMM steps over SYSCALL", stepped_by_vmm },
	{ "an MSR filter that denies all comes and goes", msr_filter, msr_filter_skip },
	{ "a vCPU goes from CPU to CPU", next_cpu, other_cpu_skip },
};

static void test_trips(const struct trips *trips)
{
	const char *skip = trips->skip ? trips->skip() : NULL;
	u32 i;

	memset(&point, 0, sizeof(point));
	if (!skip) {
		guest_new();
		for (i = 0; i < NR_SHORT_TRIPS; i++) {
			tally_step = i;
			trip(trips->prepare(i));
		}
		guest_end(NR_SHORT_TRIPS);
	}
	tally_report_unless(skip, &point, "%s", trips->name);
}

int main(int argc, char *argv[])
{
	int i;

	shared_msrs_test_init();
	if (!host_param_is_on("kvm_intel", "demand_shared_msrs"))
		ksft_exit_skip("kvm_intel's parameter demand_shared_msrs is not on\n");
	if (geteuid())
		ksft_exit_skip("only root may count the kernel's trace events\n");
	this_cpu = host_pin_last();
	/* Fewer WRMSRs for others' sake, where it is allowed. */
	host_set_fifo(1);

	counters_init(this_cpu);
	report_plan(NR_COSTS + ARRAY_SIZE(all_trips));
	if (efer_is_switched()) {
		for (i = 0; i < ARRAY_SIZE(costs); i++)
			test_cost(&costs[i]);
		test_statistics();
	}
	for (i = 0; i < NR_COSTS && !efer_is_switched(); i++)
		tally_report_unless("the CPU cannot switch EFER", NULL, "costs");
	for (i = 0; i < ARRAY_SIZE(all_trips); i++)
		test_trips(&all_trips[i]);
	report_end();
}
