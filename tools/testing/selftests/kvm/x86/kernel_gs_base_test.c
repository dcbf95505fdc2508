// SPDX-License-Identifier: GPL-2.0-only
/*
 * KERNEL_GS_BASE is the guest's in the guest and the host's in the host.
 *
 * The guest may change it without an exit, by WRMSR or SWAPGS, so KVM has to
 * save it whenever the vCPU is switched out. What SWAPGS makes the GS base shows
 * what the hardware holds. In the host it is the GS base of user mode: each task
 * must find its own right after KVM_RUN, and beside it.
 */
#include "shared_msrs.h"

#define NR_VCPUS	2

/* A data segment of the host's user mode, with base 0: see host_set_gs(). */
#define USER_SELECTOR	0x2b

/* How the guest's value gets there. */
enum way {
	KEPT,
	BY_WRMSR,
	BY_SWAPGS,
	BY_IOCTL,
	NR_WAYS
};

static const char * const way_names[NR_WAYS] = {
	[KEPT]		= "kept",
	[BY_WRMSR]	= "set by WRMSR",
	[BY_SWAPGS]	= "set by SWAPGS",
	[BY_IOCTL]	= "set by KVM_SET_MSRS",
};

/* What happens before the vCPU runs again. */
enum between {
	NOTHING,
	OTHER_CPU,
	OTHER_VCPU,
	OTHER_TASK,
	NR_BETWEEN
};

/* What the VMM's thread has for GS. */
enum host_gs_kind {
	HOST_MEMORY,		/* memory of its own */
	HOST_ANY,		/* an address that is none of its own */
	HOST_SELECTOR,		/* that, and a selector, which has another base */
	HOST_32,		/* 32-bit code calls KVM_RUN, with a segment */
	NR_HOST_GS
};

static const char * const host_gs_names[NR_HOST_GS] = {
	[HOST_MEMORY]	= "base of its own memory",
	[HOST_ANY]	= "base of the kernel's memory",
	[HOST_SELECTOR]	= "base and a selector",
	[HOST_32]	= "segment of 32-bit code",
};

/* Of each vCPU. Written by the host, what was seen by the guest. */
static struct job {
	u32 way;
	u32 nap;
	u64 value;
	u64 swapgs;		/* seen by SWAPGS */
	u64 rdmsr;		/* seen by RDMSR */
} jobs[NR_VCPUS];

/* --- Guest --- */

static void guest_swapgs(void)
{
	asm volatile("swapgs" : : : "memory");
}

static void guest_code(u32 i)
{
	struct job *job = &jobs[i];

	guest_apic_init();
	for (;;) {
		switch (job->way) {
		case BY_WRMSR:
			wrmsr(MSR_KERNEL_GS_BASE, job->value);
			break;
		case BY_SWAPGS:
			wrmsr(MSR_GS_BASE, job->value);
			guest_swapgs();
			break;
		}
		/* Other tasks run, and this vCPU comes back from the kernel. */
		if (job->nap)
			guest_nap(1);

		guest_swapgs();
		job->swapgs = rdmsr(MSR_GS_BASE);
		guest_swapgs();
		job->rdmsr = rdmsr(MSR_KERNEL_GS_BASE);
		GUEST_SYNC(i);
	}
}

/* --- Host --- */

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpus[NR_VCPUS];
static u64 values[NR_VCPUS];		/* what each guest has */

static struct tally guest[NR_WAYS], get_msrs, limits, host[NR_HOST_GS], task;

static bool in_run, stop;
static pid_t task_tid;

/* HOST_32 */
static u64 segment_memory;
static struct host_gs segment;
static const char *segment_skip;

static const char *host_gs_skip(enum host_gs_kind kind)
{
	if (kind == HOST_SELECTOR && !host_has_fsgsbase())
		return "no FSGSBASE";
	return kind == HOST_32 ? segment_skip : NULL;
}

/* Another task, on the CPU where the vCPUs run. */
static void *task_main(void *unused)
{
	const u64 memory = 0x7a5c;
	const struct host_gs gs = { .base = (uintptr_t)&memory, .memory = &memory };
	bool beside = false;

	WRITE_ONCE(task_tid, syscall(SYS_gettid));
	host_set_gs(&gs);
	while (!READ_ONCE(stop)) {
		host_check_gs(&task, &gs);
		beside |= READ_ONCE(in_run);
		host_sleep(300000);
	}
	tally_check(&task, "runs while the vCPUs' thread is in KVM_RUN", true,
		    beside);
	return NULL;
}

static void run(int i, const struct host_gs *gs, struct tally *tally)
{
	int r;

	WRITE_ONCE(in_run, true);
	r = host_run_with_gs(vcpus[i], gs, tally);
	WRITE_ONCE(in_run, false);
	TEST_ASSERT(!r, "KVM_RUN failed, errno: %i", errno);
	vcpu_check_sync(vcpus[i]);
}

/* One run of vCPU @i. */
static void step(int i, enum way way, u64 value, bool nap, enum host_gs_kind kind)
{
	static u64 memory;
	struct host_gs gs = { .base = 0xffff888000000000ULL + ++tally_step * 4096 };

	memory = 0x6d00000000 + tally_step;
	if (kind == HOST_32) {
		gs = segment;
		segment_memory = memory;
	} else if (kind == HOST_MEMORY || !host_has_fsgsbase()) {
		gs.memory = &memory;
		gs.base = (uintptr_t)&memory;
	}
	if (kind == HOST_SELECTOR)
		gs.selector = USER_SELECTOR;

	jobs[i] = (struct job){ .way = way, .nap = nap, .value = value };
	sync_global_to_guest(vm, jobs);
	run(i, &gs, &host[kind]);
	sync_global_from_guest(vm, jobs);

	if (way != KEPT)
		values[i] = value;
}

static void check_guest(struct tally *tally, int i)
{
	tally_check(tally, "SWAPGS", values[i], jobs[i].swapgs);
	tally_check(tally, "RDMSR", values[i], jobs[i].rdmsr);
	tally_check(&get_msrs, "KVM_GET_MSRS", values[i],
		    vcpu_get_msr(vcpus[i], MSR_KERNEL_GS_BASE));
}

/* Values of user mode and of the kernel, none twice. */
static u64 next_value(void)
{
	static u64 n;

	n++;
	return (n & 1 ? 0x00007fff00000000ULL : 0xffff800000000000ULL) +
	       n * 0x12345;
}

static void run_ways(int cpu)
{
	int n, i, way, between, kind;
	u64 value;

	for (n = 0; n < NR_WAYS * NR_BETWEEN * NR_HOST_GS * 2; n++) {
		way = n % NR_WAYS;
		between = n / NR_WAYS % NR_BETWEEN;
		kind = n / NR_WAYS / NR_BETWEEN % NR_HOST_GS;
		if (host_gs_skip(kind))
			continue;
		i = n & 4 ? 1 : 0;
		value = next_value();

		if (way == BY_IOCTL)
			vcpu_set_msr(vcpus[i], MSR_KERNEL_GS_BASE, value);
		step(i, way, value, n / NR_WAYS / NR_BETWEEN / NR_HOST_GS, kind);
		check_guest(&guest[way], i);

		switch (between) {
		case OTHER_CPU:
			cpu = host_pin_next(cpu);
			host_pin_task(task_tid, cpu);
			break;
		case OTHER_VCPU:
			step(!i, KEPT, 0, false, kind);
			check_guest(&guest[KEPT], !i);
			break;
		case OTHER_TASK:
			host_sleep(1000000);
			break;
		}
		step(i, KEPT, 0, true, kind);
		check_guest(&guest[KEPT], i);
	}
}

/* A CPU with LA57 takes 57 bits whatever paging mode the guest is in. */
static bool cpu_takes(u64 value)
{
	int unused = host_cpu_has(7, 2, 16) ? 64 - 57 : 64 - 48;

	return (s64)(value << unused) >> unused == (s64)value;
}

/*
 * The ends of what is canonical with 48 and 57 bits, and what no CPU takes. The
 * guest does not try the latter, which is about the CPU alone.
 */
static void run_ends(void)
{
	static const u64 ends[] = {
		0x00007fffffffffffULL, 0x0000800000000000ULL,
		0xffff7fffffffffffULL, 0xffff800000000000ULL,
		0x00ffffffffffffffULL, 0x0100000000000000ULL,
		0xfeffffffffffffffULL, 0xff00000000000000ULL,
		0x7fffffffffffffffULL, 0x8000000000000000ULL,
		0xffffffffffffffffULL, 0,
	};
	int n;

	for (n = 0; n < ARRAY_SIZE(ends); n++) {
		if (cpu_takes(ends[n])) {
			step(0, BY_WRMSR, ends[n], n & 1, HOST_ANY);
			check_guest(&limits, 0);
			step(0, KEPT, 0, false, HOST_MEMORY);
			check_guest(&limits, 0);
		}

		step(0, BY_WRMSR, next_value(), false, HOST_MEMORY);
		if (_vcpu_set_msr(vcpus[0], MSR_KERNEL_GS_BASE, ends[n]) == 1)
			values[0] = ends[n];
		step(0, KEPT, 0, n & 1, HOST_ANY);
		check_guest(&limits, 0);
	}
}

int main(int argc, char *argv[])
{
	pthread_t thread;
	int cpu, i;

	shared_msrs_test_init();
	segment_skip = host_gs_segment_skip();
	if (!segment_skip)
		segment = host_gs_segment(&segment_memory);
	report_plan(NR_WAYS + NR_HOST_GS + 3);

	cpu = host_pin_last();
	vm = vm_create_with_vcpus(NR_VCPUS, guest_code, vcpus);
	guests_init(vm, vcpus, NR_VCPUS);
	for (i = 0; i < NR_VCPUS; i++)
		vcpu_args_set(vcpus[i], 1, i);

	host_thread(&thread, task_main, NULL);
	while (!READ_ONCE(task_tid))
		sched_yield();
	run_ways(cpu);
	run_ends();
	WRITE_ONCE(stop, true);
	pthread_join(thread, NULL);
	kvm_vm_free(vm);

	for (i = 0; i < NR_WAYS; i++)
		tally_report(&guest[i], "guest's value, %s", way_names[i]);
	tally_report(&get_msrs, "KVM_GET_MSRS");
	tally_report(&limits, "the largest and smallest values, and those refused");
	for (i = 0; i < NR_HOST_GS; i++) {
		tally_report_unless(host_gs_skip(i), &host[i], "host's GS, %s",
				    host_gs_names[i]);
	}
	tally_report(&task, "another task's GS");
	report_end();
}
