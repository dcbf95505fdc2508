// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pass-through of shared MSRs: a guest that writes them again and again does so
 * without VM-exits, and nobody can tell by the values.
 *
 * Each user round trip is one KVM_RUN: the guest finds the values of the trip
 * before by RDMSR and by effect, writes new ones as often as it is told, sees
 * their effects, and reports back. The host looks at its own user mode and at
 * what KVM_GET_MSRS says. How many WRMSRs had a VM-exit is counted by the trace
 * event kvm:kvm_exit.
 */
#include "shared_msrs.h"
#include "shared_msrs_counters.h"
#include "vmx.h"

#include <sys/ioctl.h>

#define NR_TRIPS	100

/* More than a group has to be written between two switch-outs. */
#define MANY		20
/* Too few for that, with all that a trip writes. */
#define FEW		1

/* Intel SDM volume 3, "VMX Basic Exit Reasons": WRMSR */
#define EXIT_WRMSR	"exit_reason == 32"

enum group {
	GROUP_SYSCALL	= 1,
	GROUP_TSC_AUX	= 2,
};

static struct job {
	u64 groups;
	u64 writes;
	u64 before[NR_SHARED_MSRS];
	u64 values[NR_SHARED_MSRS];
	u64 sce;		/* clear EFER.SCE, and set it again */
	u64 bad;		/* write an LSTAR that is not canonical */
	u64 denied;		/* the filter lets none of them be written */
	struct vmx_pages *vmx;	/* become a hypervisor */
} job;

static struct result {
	u64 trips;
	u64 wrmsrs;
	struct tally effects[NR_EFFECTS];
	struct tally rdmsr;
	struct tally wrmsr;
} result;

/* --- Guest --- */

static bool is_written(enum shared_msr msr)
{
	switch (msr) {
	case SHARED_STAR:
	case SHARED_LSTAR:
	case SHARED_SYSCALL_MASK:
		return job.groups & GROUP_SYSCALL;
	case SHARED_TSC_AUX:
		return job.groups & GROUP_TSC_AUX;
	default:
		return false;
	}
}

static void guest_rdmsrs(const u64 expected[NR_SHARED_MSRS])
{
	static u64 seen[NR_SHARED_MSRS];

	guest_rdmsr_all(seen);
	check_msrs(&result.rdmsr, expected, seen);
}

static void guest_write(enum shared_msr msr, u64 value, u64 expected)
{
	tally_check(&result.wrmsr, shared_msrs[msr].name, expected,
		    guest_try_wrmsr(shared_msrs[msr].index, value) & 0xffff);
	result.wrmsrs++;
}

static void guest_trip(void)
{
	/* Not on the stack, which the library does not align for SSE. */
	static struct effects seen;
	static u64 values[NR_SHARED_MSRS];
	u64 i, msr;

	guest_rdmsrs(job.before);
	if (job.vmx)
		GUEST_ASSERT(prepare_for_vmx_operation(job.vmx));
	for (i = 0; i < job.writes; i++) {
		for (msr = 0; msr < NR_SHARED_MSRS; msr++) {
			if (is_written(msr))
				guest_write(msr, job.values[msr],
					    job.denied ? GP_VECTOR : NO_VECTOR);
		}
	}
	if (job.bad)
		guest_write(SHARED_LSTAR, 1ull << 63, GP_VECTOR);
	if (job.sce) {
		memcpy(values, job.values, sizeof(values));
		values[SHARED_EFER] = GUEST_EFER & ~EFER_SCE;
		wrmsr(MSR_EFER, values[SHARED_EFER]);
		guest_rdmsrs(values);
		wrmsr(MSR_EFER, GUEST_EFER);
	}
	guest_see(&seen, job.writes & 1);
	check_effects(result.effects, job.denied ? job.before : job.values, &seen);
	result.trips++;
}

static void guest_code(void)
{
	for (;;) {
		guest_trip();
		GUEST_SYNC(0);
	}
}

/* --- Host --- */

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static int this_cpu, exits_fd;
static u64 told, to_tell;	/* how often the VMM was told of a #GP, and should be */
static struct tally host[NR_HOST_EFFECTS];
static struct tally point;

static void guest_new(void)
{
	int i;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	guests_init(vm, &vcpu, 1);
	memset(&job, 0, sizeof(job));
	memset(&result, 0, sizeof(result));
	memset(host, 0, sizeof(host));
	memset(&point, 0, sizeof(point));
	told = 0;
	to_tell = 0;
	sync_global_to_guest(vm, result);
	guest_values(job.values, 1);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			vcpu_set_msr(vcpu, shared_msrs[i].index, job.values[i]);
	}
}

static void guest_end(void)
{
	struct tally effects, host_effects = tallies_sum(host, NR_HOST_EFFECTS);

	sync_global_from_guest(vm, result);
	effects = tallies_sum(result.effects, NR_EFFECTS);
	tally_add(&point, &effects);
	tally_add(&point, &result.rdmsr);
	tally_add(&point, &result.wrmsr);
	tally_add(&point, &host_effects);
	kvm_vm_free(vm);
}

/* The n-th trip of a guest. Returns how many of its WRMSRs had a VM-exit. */
static u64 trip(u32 n, u64 groups, u64 writes)
{
	u64 values[NR_SHARED_MSRS], exits = counter_read(exits_fd);
	int i;

	tally_step = n;
	job.groups = groups;
	job.writes = writes;
	memcpy(job.before, job.values, sizeof(job.before));
	for (i = 0; writes && i < NR_SHARED_MSRS; i++) {
		if (is_written(i))
			job.values[i] = shared_msr_value(i, n);
	}
	sync_global_to_guest(vm, job);
	vcpu_run(vcpu);
#ifdef KVM_EXIT_X86_WRMSR
	for (; vcpu->run->exit_reason == KVM_EXIT_X86_WRMSR; told++) {
		vcpu->run->msr.error = 1;
		vcpu_run(vcpu);
	}
#endif
	host_check(host);
	vcpu_check_sync(vcpu);
	exits = counter_read(exits_fd) - exits;

	if (job.denied)
		memcpy(job.values, job.before, sizeof(job.values));
	vcpu_get_shared_msrs(vcpu, values);
	check_msrs(&point, job.values, values);
	tally_check(&point, "#GPs that the VMM was told of", to_tell, told);
	return exits;
}

/* --- Exits --- */

static u64 trips(u64 groups, u64 writes)
{
	u64 exits = 0;
	u32 n;

	guest_new();
	for (n = 0; n < NR_TRIPS; n++)
		exits += trip(n, groups, writes);
	return exits;
}

static void test_exits(const char *name, u64 groups, u64 writes, u64 least, u64 most)
{
	u64 exits = trips(groups, writes);

	tally_check_min(&point, "exits of WRMSR", least, exits);
	tally_check_max(&point, "exits of WRMSR", most, exits);
	guest_end();
	ksft_print_msg("%u trips of %lu WRMSRs each: %lu exits\n", NR_TRIPS,
		       result.wrmsrs / NR_TRIPS, exits);
	tally_report(&point, "%s", name);
}

/* After 64 trips, even if nothing is written in them. */
static void test_end(void)
{
	u64 exits;
	u32 n;

	guest_new();
	trip(1, GROUP_SYSCALL, MANY);
	exits = trip(2, GROUP_SYSCALL, FEW);
	tally_check(&point, "exits of WRMSR while passed through", 0, exits);
	for (n = 0; n < 64; n++)
		trip(2, 0, 0);
	exits = trip(3, GROUP_SYSCALL, FEW);
	tally_check(&point, "exits of WRMSR afterwards", 3, exits);
	guest_end();
	tally_report(&point, "a guest that writes no more: intercepted again");
}

/*
 * What is written from then on may be a nested guest's, and another vCPU must not
 * be compared with that.
 */
static void test_vmxon(void)
{
	const char *skip = nested_vmx_skip();
	vm_vaddr_t vmx;
	u64 exits;

	if (!skip) {
		guest_new();
		vcpu_alloc_vmx(vm, &vmx);
		trip(1, GROUP_SYSCALL, MANY);
		exits = trip(2, GROUP_SYSCALL, FEW);
		tally_check(&point, "exits of WRMSR before", 0, exits);
		job.vmx = (struct vmx_pages *)vmx;
		trip(2, 0, 0);
		job.vmx = NULL;
		exits = trip(3, GROUP_SYSCALL, FEW);
		tally_check(&point, "exits of WRMSR afterwards", 3, exits);
		trip(4, GROUP_SYSCALL, MANY);
		exits = trip(5, GROUP_SYSCALL, FEW);
		tally_check(&point, "exits of a hypervisor's WRMSR", 0, exits);
		guest_end();
	}
	tally_report_unless(skip, &point, "VMXON: intercepted until earned again");
}

static void test_statistic(void)
{
	long before = host_kvm_stat("shared_msr_passthrough");

	guest_new();
	trip(1, GROUP_SYSCALL | GROUP_TSC_AUX, MANY);
	trip(2, GROUP_SYSCALL | GROUP_TSC_AUX, MANY);
	tally_check(&point, "shared_msr_passthrough", 2,
		    host_kvm_stat("shared_msr_passthrough") - before);
	guest_end();
	tally_report_unless(before < 0 ? "no debugfs" : NULL, &point,
			    "KVM's statistics: once for each group");
}

/* --- What must not change --- */

static void values_by_host(u32 n)
{
	u64 values[NR_SHARED_MSRS];

	guest_values(values, n + 7);
	vcpu_set_shared_msrs(vcpu, values);
	memcpy(job.values, values, sizeof(values));
}

static void next_cpu(u32 n)
{
	static int cpu;

	if (!n)
		cpu = this_cpu;
	cpu = host_pin_next(cpu);
}

static void efer_sce(u32 n)
{
	job.sce = n % 3;
}

static void bad_lstar(u32 n)
{
	job.bad = n % 3;
}

static void cpuid_again(u32 n)
{
	vcpu_set_cpuid(vcpu);
	/* KVM enables RTM again for a guest that has it in CPUID. */
	if (guest_has.msr[SHARED_TSX_CTRL])
		vcpu_set_msr(vcpu, MSR_IA32_TSX_CTRL, job.values[SHARED_TSX_CTRL]);
}

#ifdef KVM_X86_SET_MSR_FILTER
static void tell_of_gp(u32 n)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_X86_USER_SPACE_MSR,
		.args[0] = n / 8 % 2 ? KVM_MSR_EXIT_REASON_INVAL : 0,
	};

	TEST_ASSERT(!ioctl(vm->fd, KVM_ENABLE_CAP, &cap),
		    "KVM_CAP_X86_USER_SPACE_MSR failed, errno: %i", errno);
	job.bad = n % 3 == 1;
	to_tell += job.bad && cap.args[0];
}

static void filter(u32 n)
{
	/* Whether reads and writes of the MSRs from 0xc0000080 on are let through. */
	static u8 allowed[0x100 / 8];
	struct kvm_msr_filter filter = {
		.flags = KVM_MSR_FILTER_DEFAULT_ALLOW,
		.ranges[0] = {
			.flags = KVM_MSR_FILTER_WRITE,
			.base = MSR_STAR,
			.nmsrs = 8 * sizeof(allowed),
			.bitmap = allowed,
		},
	};

	job.denied = n / 8 % 2;
	memset(allowed, job.denied ? 0 : 0xff, sizeof(allowed));
	TEST_ASSERT(!ioctl(vm->fd, KVM_X86_SET_MSR_FILTER, &filter),
		    "KVM_X86_SET_MSR_FILTER failed, errno: %i", errno);
}
#endif

/* Trips before each of which something happens. */
static const struct trips {
	const char *name;
	void (*prepare)(u32 n);
	const char *(*skip)(void);
} all_trips[] = {
	{ "values change by KVM_SET_MSRS", values_by_host },
	{ "a vCPU goes from CPU to CPU", next_cpu, other_cpu_skip },
	{ "EFER.SCE changes by WRMSR", efer_sce },
	/* Bochs takes any SYSCALL_MASK and TSC_AUX, and drops bits 63:32. */
	{ "an LSTAR that is not canonical is #GP", bad_lstar },
	{ "CPUID is set again", cpuid_again },
#ifdef KVM_X86_SET_MSR_FILTER
	{ "an MSR filter comes and goes", filter, msr_filter_skip },
	{ "the VMM wants to be told of #GPs, or not", tell_of_gp, msr_filter_skip },
#else
	{ "an MSR filter comes and goes", NULL, msr_filter_skip },
	{ "the VMM wants to be told of #GPs, or not", NULL, msr_filter_skip },
#endif
};

static void test_trips(const struct trips *trips)
{
	const char *skip = trips->skip ? trips->skip() : NULL;
	u32 n;

	if (!skip) {
		guest_new();
		for (n = 0; n < NR_TRIPS; n++) {
			trips->prepare(n);
			trip(n, GROUP_SYSCALL | GROUP_TSC_AUX, n % 5 ? MANY : 0);
		}
		guest_end();
	}
	tally_report_unless(skip, &point, "%s", trips->name);
}

int main(int argc, char *argv[])
{
	const u64 both = GROUP_SYSCALL | GROUP_TSC_AUX;
	int i;

	shared_msrs_test_init();
	if (!host_param_is_on("kvm_intel", "passthrough_shared_msrs"))
		ksft_exit_skip("kvm_intel's parameter passthrough_shared_msrs is not on\n");
	/* CPUID.1:ECX.31: a hypervisor sets it. */
	if (host_cpu_has(1, 2, 31))
		ksft_exit_skip("nothing is passed through under a hypervisor\n");
	if (geteuid())
		ksft_exit_skip("only root may count the kernel's trace events\n");
	if (!host_has_rdtscp())
		ksft_exit_skip("this CPU has no TSC_AUX\n");
	this_cpu = host_pin_last();
	exits_fd = counter_open(this_cpu, "kvm/kvm_exit", EXIT_WRMSR);

	report_plan(7 + ARRAY_SIZE(all_trips));
	test_exits("SYSCALL's MSRs again and again: few exits", GROUP_SYSCALL, MANY, 16, 64);
	test_exits("TSC_AUX again and again: few exits", GROUP_TSC_AUX, MANY, 16, 64);
	test_exits("both again and again: few exits", both, MANY, 32, 128);
	test_exits("SYSCALL's MSRs now and then: each exits", GROUP_SYSCALL, FEW,
		   3 * NR_TRIPS, 3 * NR_TRIPS);
	test_end();
	test_vmxon();
	test_statistic();
	for (i = 0; i < (int)ARRAY_SIZE(all_trips); i++)
		test_trips(&all_trips[i]);
	report_end();
}
