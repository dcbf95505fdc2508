// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest learns nothing of values of shared MSRs that are not its own.
 *
 * LSTAR, CSTAR and TSC_AUX are secrets: the host's differ from boot to boot or
 * from CPU to CPU, another VM's tell what it runs and where. A guest can set its
 * own MSR to a guess. Whether that is right must change nothing that it could
 * observe: not how many WRMSRs are executed for it, nor how many demand faults it
 * takes, nor how many instructions.
 *
 * So the same guest runs twice, each time in a new VM: once its value is the one
 * that the CPU holds when it comes back, and once it is another. It comes back
 * from user mode, where the CPU holds the host's value, or from a HLT in which a
 * vCPU of another VM used its own value, with no user mode in between: each VM has
 * a doorbell, an eventfd that interrupts the other. STAR and SYSCALL_MASK are the
 * host's in all of these guests, for these are the same wherever that kernel runs.
 *
 * WRMSRs and faults are counted by the kernel's trace events, on a CPU that these
 * threads have to themselves: sched:sched_switch tells if anybody else ran, and
 * the guest then runs again in another VM. Instructions are counted where the
 * TSC does that, as in Bochs, by the guest. An interrupt may come between, and
 * the scheduler brings averages up to date once a millisecond, so what counts is
 * the number that comes up most often, or the least one, and the two must be equal:
 * in several runs for each trip to user mode, and for trips to another VM, which
 * are longer, in all even ones and in all odd ones.
 */
#include "shared_msrs_counters.h"
#include "shared_msrs_tsc.h"

#define TRIP_PORT	0x5000
#define DOORBELL_PORT	0x5001

#define DOORBELL_GSI	20
#define MSI_ADDRESS	0xfee00000

#define NR_TRIPS	40
/* Trips in which the guest's memory is touched for the first time. */
#define WARM_UP		4

/* SCHED_FIFO's, and how the kernel calls it. */
#define PRIORITY	2
#define KERNEL_PRIORITY	"97"

#define NR_WAITING	2

/* Pairs of guests until they are alike. */
#define MAX_PAIRS	8
/* Guests until one has the CPU to itself. */
#define MAX_TRIES	20

/* Where a guest goes: what the CPU holds when it comes back is the secret. */
enum trip {
	TO_USER_MODE,
	TO_OTHER_VM,
	NR_TRIP_KINDS
};

static const char * const trip_names[NR_TRIP_KINDS] = {
	[TO_USER_MODE]	= "user mode",
	[TO_OTHER_VM]	= "another VM",
};

/* What it does then. */
enum action {
	USE_NOT,
	USE_ALWAYS,
	USE_EVERY_OTHER,
	WRITE,
	NR_ACTIONS
};

static const char * const action_names[NR_ACTIONS] = {
	[USE_NOT]		= "no use",
	[USE_ALWAYS]		= "a use",
	[USE_EVERY_OTHER]	= "a use every other time",
	[WRITE]			= "WRMSR",
};

static const enum shared_msr secrets[] = {
	SHARED_LSTAR, SHARED_CSTAR, SHARED_TSC_AUX,
};

enum observation {
	SEE_WRMSRS,
	SEE_FAULTS,
	SEE_TICKS,
	NR_OBSERVATIONS
};

static const char * const observation_names[NR_OBSERVATIONS] = {
	[SEE_WRMSRS]	= "WRMSRs",
	[SEE_FAULTS]	= "demand faults",
	[SEE_TICKS]	= "instructions",
};

#define NR_POINTS \
	(ARRAY_SIZE(secrets) * NR_TRIP_KINDS * NR_ACTIONS * NR_OBSERVATIONS)

/* Written by the host. */
static struct job {
	u32 trip;
	u32 action;
	u32 msr;
	u64 value;	/* of this MSR, to be used or written */
	u64 before;	/* what a WRMSR replaces */
} job;

/* Written by the guest. */
static struct result {
	u64 ticks[NR_TRIPS];
	struct tally effect;
} result;

/* --- Guest --- */

static void guest_use(void)
{
	static struct landing landing;
	u32 aux;

	if (job.msr == SHARED_TSC_AUX) {
		rdtscp(&aux);
		tally_check(&result.effect, "TSC_AUX", job.value, aux);
	} else if (job.msr == SHARED_LSTAR) {
		/*
		 * There is no memory, so SYSCALL ends in a fault, at this
		 * address. KVM loads CR2 only if it holds another value, which
		 * would tell one guess from another, and not by an MSR.
		 */
		guest_syscall(&landing, EFFECTS_RFLAGS);
		asm volatile("mov %0, %%cr2" : : "r"(0UL));
		tally_check(&result.effect, "LSTAR", job.value, landing.rip);
	}
}

static void guest_ring(void)
{
	WRITE_ONCE(guest_interrupted_rip, 0);
	outl(DOORBELL_PORT, 0);
}

/* Interrupts are off but in HLT, so the doorbell is not missed. */
static void guest_await(void)
{
	while (!READ_ONCE(guest_interrupted_rip))
		guest_halt();
}

static void guest_trip(void)
{
	if (job.trip == TO_USER_MODE) {
		outl(TRIP_PORT, 0);
	} else {
		guest_ring();
		guest_await();
	}
}

static void guest_spy(void)
{
	u32 msr = shared_msrs[job.msr].index;
	u64 start;
	u32 i;

	/* When the other one has rung, it is in the kernel to stay. */
	if (job.trip == TO_OTHER_VM)
		guest_await();
	for (i = 0; i < NR_TRIPS; i++) {
		start = rdtsc();
		guest_trip();
		if (job.action == WRITE) {
			start = rdtsc();
			wrmsr(msr, job.value);
		} else if (job.action == USE_ALWAYS ||
			   (job.action == USE_EVERY_OTHER && i & 1)) {
			guest_use();
		}
		result.ticks[i] = rdtsc() - start;
		if (job.action == WRITE)
			wrmsr(msr, job.before);
	}
	if (job.trip == TO_OTHER_VM)
		guest_ring();
}

static void guest_other(void)
{
	u32 i;

	for (i = 0; i <= NR_TRIPS; i++) {
		guest_use();
		guest_trip();
	}
}

static void guest_code(bool is_spy)
{
	guest_apic_init();
	if (is_spy)
		guest_spy();
	else
		guest_other();
	GUEST_SYNC(0);
}

/* --- Host --- */

static int this_cpu;
static bool ticks_are_instructions;

static int count_wrmsrs;
static int count_faults;	/* or -1 */
static int count_others;

static void counters_init(void)
{
	count_wrmsrs = counter_open(this_cpu, "msr/write_msr",
				    shared_msrs_filter());

	count_faults = -1;
	if (tracepoint_id("kvm/kvm_shared_msr_demand") >= 0)
		count_faults = counter_open(this_cpu, "kvm/kvm_shared_msr_demand",
					    NULL);

	count_others = counter_open(this_cpu, "sched/sched_switch",
				    "next_prio != " KERNEL_PRIORITY);
}

struct guest {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	int doorbell;
};

static u64 host_value(enum shared_msr msr)
{
	return host_before.msrs[this_cpu][msr].value;
}

/* Another value than the host's and than other guests' guesses. There is no memory. */
static u64 others_value(enum shared_msr msr)
{
	return host_value(msr) ^ 0x1000;
}

static void guest_create(struct guest *guest, const struct job *its_job,
			 bool is_spy)
{
	struct kvm_vcpu *vcpu;
	int i;

	guest->vm = vm_create_with_one_vcpu(&guest->vcpu, guest_code);
	vcpu = guest->vcpu;
	guests_init(guest->vm, &vcpu, 1);
	vcpu_args_set(vcpu, 1, (u64)is_spy);

	vcpu_set_msr(vcpu, MSR_EFER, GUEST_EFER);
	vcpu_set_msr(vcpu, MSR_STAR, host_value(SHARED_STAR));
	vcpu_set_msr(vcpu, MSR_SYSCALL_MASK, host_value(SHARED_SYSCALL_MASK));
	for (i = 0; i < ARRAY_SIZE(secrets); i++) {
		if (guest_has.msr[secrets[i]])
			vcpu_set_msr(vcpu, shared_msrs[secrets[i]].index,
				     shared_msr_value(secrets[i], 1));
	}
	vcpu_set_msr(vcpu, shared_msrs[its_job->msr].index,
		     its_job->action == WRITE ? its_job->before : its_job->value);

	job = *its_job;
	memset(&result, 0, sizeof(result));
	sync_global_to_guest(guest->vm, job);
	sync_global_to_guest(guest->vm, result);
}

/* What @from writes to its doorbell interrupts @to. */
static void doorbell_create(struct guest *from, struct guest *to)
{
	struct {
		struct kvm_irq_routing header;
		struct kvm_irq_routing_entry entry;
	} routing = {
		.header.nr = 1,
		.entry = {
			.gsi = DOORBELL_GSI,
			.type = KVM_IRQ_ROUTING_MSI,
			.u.msi.address_lo = MSI_ADDRESS,
			.u.msi.data = INTERRUPT_VECTOR,
		},
	};

	TEST_ASSERT(!__vm_ioctl(to->vm, KVM_SET_GSI_ROUTING, &routing.header),
		    "KVM_SET_GSI_ROUTING failed, errno: %i", errno);
	from->doorbell = vm_add_doorbell(from->vm, DOORBELL_PORT, to->vm,
					 DOORBELL_GSI);
}

static void *run_other(void *other)
{
	struct kvm_vcpu *vcpu = other;

	vcpu_run(vcpu);
	return NULL;
}

static bool stop_waiting;

static void *wait_in_vain(void *unused)
{
	while (!READ_ONCE(stop_waiting))
		;
	return NULL;
}

/*
 * A switch takes the scheduler more or less instructions as nothing else wants to
 * run, or one task does, or more do, and a kernel thread may come to want to at
 * any time. So first all that does is let run, then there are always some that
 * want to, and this thread lets them not.
 */
static void start_waiting(pthread_t threads[NR_WAITING])
{
	const struct sched_param param = { .sched_priority = 0 };
	static unsigned int nr_starts;
	unsigned int delay = nr_starts++ * 7919 % 40000;
	int i;

	usleep(20000);
	stop_waiting = false;
	for (i = 0; i < NR_WAITING; i++)
		TEST_ASSERT(!pthread_create(&threads[i], NULL, wait_in_vain, NULL) &&
			    !pthread_setschedparam(threads[i], SCHED_OTHER, &param),
			    "cannot create a thread of no priority");
	/*
	 * Ticks, and timers that the scheduler starts for these threads, would come
	 * at the same trip of each guest.
	 */
	while (delay--)
		asm volatile("");
}

static void end_waiting(pthread_t threads[NR_WAITING])
{
	int i;

	WRITE_ONCE(stop_waiting, true);
	for (i = 0; i < NR_WAITING; i++)
		pthread_join(threads[i], NULL);
}

/* What was seen of a guest. */
struct run {
	u64 wrmsrs;
	u64 faults;
	u64 ticks[NR_TRIPS];
};

/* The least of several ones, and all ticks of trips that are alike. */
struct seen {
	u64 wrmsrs;
	u64 faults;
	u32 nr_ticks[NR_TRIPS];
	u64 ticks[NR_TRIPS][MAX_PAIRS * NR_TRIPS];
};

static struct tally effects;

/* Run a guest with @value. Returns whether it had the CPU to itself. */
static bool see_once(const struct job *its_job, struct run *run)
{
	struct guest spy, other;
	bool vm = its_job->trip == TO_OTHER_VM;
	struct job others_job = *its_job;
	pthread_t thread, waiting[NR_WAITING];
	struct access access;
	u64 others;

	guest_create(&spy, its_job, true);
	if (vm) {
		others_job.action = USE_ALWAYS;
		others_job.value = others_value(its_job->msr);
		guest_create(&other, &others_job, false);
		doorbell_create(&spy, &other);
		doorbell_create(&other, &spy);
	}

	start_waiting(waiting);
	others = counter_read(count_others);
	run->wrmsrs = counter_read(count_wrmsrs);
	run->faults = count_faults < 0 ? 0 : counter_read(count_faults);
	if (vm)
		host_thread(&thread, run_other, other.vcpu);
	do {
		vcpu_run(spy.vcpu);
	} while (vcpu_access(spy.vcpu, &access));
	run->wrmsrs = counter_read(count_wrmsrs) - run->wrmsrs;
	if (count_faults >= 0)
		run->faults = counter_read(count_faults) - run->faults;
	others = counter_read(count_others) - others;
	end_waiting(waiting);

	vcpu_check_sync(spy.vcpu);
	sync_global_from_guest(spy.vm, result);
	memcpy(run->ticks, result.ticks, sizeof(run->ticks));
	tally_add(&effects, &result.effect);
	if (vm) {
		pthread_join(thread, NULL);
		vcpu_check_sync(other.vcpu);
		sync_global_from_guest(other.vm, result);
		tally_add(&effects, &result.effect);
		close(spy.doorbell);
		close(other.doorbell);
		kvm_vm_free(other.vm);
	}
	kvm_vm_free(spy.vm);
	return !others;
}

/* Which trips are alike. */
static int trip_kind(enum trip trip, int i)
{
	return trip == TO_OTHER_VM ? i & 1 : i;
}

/* Returns false if there is always somebody else who needs the CPU. */
static bool see(const struct job *its_job, struct seen *seen)
{
	struct run run;
	int tries, i, kind;

	for (tries = 0; tries < MAX_TRIES; tries++) {
		if (!see_once(its_job, &run))
			continue;
		seen->wrmsrs = min(seen->wrmsrs, run.wrmsrs);
		seen->faults = min(seen->faults, run.faults);
		for (i = WARM_UP; i < NR_TRIPS && ticks_are_instructions; i++) {
			kind = trip_kind(its_job->trip, i);
			seen->ticks[kind][seen->nr_ticks[kind]++] = run.ticks[i];
		}
		return true;
	}
	return false;
}

static int compare_ticks(const void *left, const void *right)
{
	const u64 *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* What came up most often in trips of a kind; 0 if there are none. */
static u64 usual_ticks(struct seen *seen, int kind)
{
	u64 *ticks = seen->ticks[kind], usual = 0;
	u32 nr = seen->nr_ticks[kind], often = 0, i, first = 0;

	qsort(ticks, nr, sizeof(*ticks), compare_ticks);
	for (i = 0; i < nr; i++) {
		if (ticks[i] != ticks[first])
			first = i;
		if (i - first + 1 > often) {
			often = i - first + 1;
			usual = ticks[i];
		}
	}
	return usual;
}

/* What nothing came between. */
static u64 least_ticks(struct seen *seen, int kind)
{
	u64 *ticks = seen->ticks[kind];
	u32 nr = seen->nr_ticks[kind];

	qsort(ticks, nr, sizeof(*ticks), compare_ticks);
	return nr ? ticks[0] : 0;
}

/*
 * Something may come between more often than not, or make a trip shorter once in
 * a while. A guest that could tell its guess from another would see neither the
 * same usual number nor the same least one.
 */
static bool same_ticks(struct seen *a, struct seen *b, int kind)
{
	return usual_ticks(a, kind) == usual_ticks(b, kind) ||
	       least_ticks(a, kind) == least_ticks(b, kind);
}

static bool alike(struct seen *a, struct seen *b)
{
	int i;

	for (i = 0; i < NR_TRIPS; i++) {
		if (!same_ticks(a, b, i))
			return false;
	}
	return a->wrmsrs == b->wrmsrs && a->faults == b->faults;
}

/* --- Host: test points --- */

/* Of guests whose guess is right, and of those whose is not. */
static struct seen right, wrong;

/* Why nothing can be seen, or NULL. */
static const char *skip(enum shared_msr msr, enum action action,
			enum observation observation)
{
	if (!guest_has.msr[msr])
		return "KVM does not offer it";
	if (msr != SHARED_TSC_AUX && is_kvm_amd())
		return "kvm_amd does not share it";
	if (!host_before.msrs[this_cpu][msr].has)
		return "no access to /dev/cpu/*/msr";
	if (msr == SHARED_CSTAR && (action == USE_ALWAYS ||
				    action == USE_EVERY_OTHER))
		return "Intel CPUs have no use for it";
	if (msr == SHARED_TSC_AUX && !guest_has.rdtscp)
		return "KVM offers no RDTSCP";
	if (observation == SEE_FAULTS && count_faults < 0)
		return "this KVM does not load on demand";
	if (observation == SEE_TICKS && !ticks_are_instructions)
		return "the TSC does not count instructions";
	return NULL;
}

/* One trip to user mode, or all even or odd ones to another VM. */
static void check_ticks(struct tally *point)
{
	bool same;

	for (tally_step = 0; tally_step < NR_TRIPS; tally_step++) {
		same = same_ticks(&wrong, &right, tally_step);
		tally_check(point, "ticks", usual_ticks(&wrong, tally_step),
			    usual_ticks(same ? &wrong : &right, tally_step));
	}
}

static void report(enum observation observation, const char *skip,
		   const char *name)
{
	struct tally point = {};

	if (observation == SEE_WRMSRS)
		tally_check(&point, "WRMSRs", wrong.wrmsrs, right.wrmsrs);
	else if (observation == SEE_FAULTS)
		tally_check(&point, "faults", wrong.faults, right.faults);
	else
		check_ticks(&point);
	tally_report_unless(skip, &point, "%s: no other %s", name,
			    observation_names[observation]);
}

static void test(enum shared_msr msr, enum trip trip, enum action action)
{
	struct job its_job = {
		.trip = trip,
		.action = action,
		.msr = msr,
		.before = shared_msr_value(msr, 1),
	};
	u64 secret = trip == TO_USER_MODE ? host_value(msr) : others_value(msr);
	const char *why;
	bool busy = false;
	char name[128];
	int i, last;

	snprintf(name, sizeof(name), "%s, %s, then %s", shared_msrs[msr].name,
		 trip_names[trip], action_names[action]);
	right = (struct seen){ .wrmsrs = ~0ull, .faults = ~0ull };
	wrong = right;
	for (i = 0; i < MAX_PAIRS && !skip(msr, action, SEE_WRMSRS); i++) {
		its_job.value = secret;
		busy = !see(&its_job, &right);
		/* Another address of the same page, so that all else is the same. */
		its_job.value = secret ^ 0x10;
		busy |= !see(&its_job, &wrong);
		if (busy || alike(&right, &wrong))
			break;
	}
	last = trip_kind(trip, NR_TRIPS - 1);
	if (!skip(msr, action, SEE_WRMSRS) && !busy)
		ksft_print_msg("%s: right: %lu WRMSRs, %lu faults; wrong: %lu, %lu\n",
			       name, right.wrmsrs, right.faults, wrong.wrmsrs,
			       wrong.faults);
	if (!skip(msr, action, SEE_TICKS) && !busy)
		ksft_print_msg("%s: right: %lu instructions a trip; wrong: %lu\n",
			       name, usual_ticks(&right, last),
			       usual_ticks(&wrong, last));
	for (i = 0; i < NR_OBSERVATIONS; i++) {
		why = skip(msr, action, i);
		if (!why && busy)
			why = "other tasks keep coming between";
		report(i, why, name);
	}
}

int main(int argc, char *argv[])
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int i, trip, action;

	shared_msrs_test_init();
	if (geteuid())
		ksft_exit_skip("only root may count the kernel's trace events\n");
	this_cpu = host_pin_last();
	if (!host_set_fifo(PRIORITY))
		ksft_exit_skip("SCHED_FIFO is refused, errno: %i\n", errno);
	ticks_are_instructions = tsc_counts_instructions();
	counters_init();
	/* What there is for a guest to use. */
	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	guests_init(vm, &vcpu, 1);
	kvm_vm_free(vm);

	report_plan(NR_POINTS + 1);
	for (i = 0; i < ARRAY_SIZE(secrets); i++) {
		for (trip = 0; trip < NR_TRIP_KINDS; trip++) {
			for (action = 0; action < NR_ACTIONS; action++)
				test(secrets[i], trip, action);
		}
	}
	tally_report(&effects, "the guests use values of their own");
	report_end();
}
