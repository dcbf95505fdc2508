// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an event costs a guest under the KVM that is loaded, on one CPU: WRMSRs
 * of shared MSRs, and ticks of the TSC. These are instructions in Bochs, and
 * cycles on hardware. They are those of host and guest together, from one event
 * to the next; for user round trips, those of the call of KVM_RUN.
 *
 * Each case has a guest of its own, and all cases run twice. Where the TSC
 * counts instructions both rounds must come to the same numbers.
 *
 * With a hypervisor below, that counts the VM-exits to it, and the TSC counts what
 * it executes as well. Its timer interrupts come in between, so that both rounds
 * come to nearly the same only.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <x86intrin.h>

#include "../../testing/selftests/kvm/x86/shared_msrs_tsc.h"
#include "../guest/guest_vm.h"

#define IDT		0x5000
#define GDT		0x5800
#define STACK_TOP(id)	(0x7000 + 0x800 * (id))
#define SAMPLES		0x8000

#define NMI_VECTOR	2
#define PF_VECTOR	14
#define IDT_GATES	(PF_VECTOR + 1)
#define IDT_PRESENT_INTERRUPT_GATE 0x8e00ull

#define EFER_SCE	0x1ull

#define APIC_BASE_ENABLE_X2APIC 0xc00
#define IOAPIC_PIN	20
#define IOAPIC_DELIVER_NMI 0x400

/* The guest's ports. */
#define PORT_TRIP	0x10
#define PORT_DONE	0x11
#define PORT_WAKE_ME	0x12
#define PORT_WRONG	0x13

/* What a guest does of its own between two events. */
#define USE_SYSCALL	1
#define USE_RDTSCP	2

/*
 * What counts is the median of the ticks at each position of a workload's period:
 * some events have the timer interrupt on top, or the scheduler bringing its
 * averages up to date once a millisecond.
 */
#define MAX_PERIOD	16
#ifndef PERIODS
#define PERIODS		128
#endif
#define WARM_UP		(2 * MAX_PERIOD)
#define TIMED		(PERIODS * MAX_PERIOD)
#define COUNTED		(TIMED / 4)

#define KERNEL_EXIT	0	/* where it is among the events */

/*
 * RDI: where the next time stamp goes, RSI: from there to the one after it,
 * R8: number of time stamps, R10: mask that tells from R8 when the guest does
 * what R12 says, R13: the event, R14: the guest's TSC_AUX, R15: the x2APIC ID
 * of the other vCPU, R9: a guess of LSTAR, RBX: the guest's LSTAR. SYSCALL is as
 * good in the guest's kernel as in user mode, and where it lands without memory
 * the fault goes on behind it.
 */
asm(".pushsection .rodata\n"
    "guest_code:\n"
    "	rdtsc\n"
    "	shl	$32, %rdx\n"
    "	or	%rdx, %rax\n"
    "	mov	%rax, (%rdi)\n"
    "	add	%rsi, %rdi\n"
    "	dec	%r8\n"
    "	jz	3f\n"
    "	test	%r8, %r10\n"
    "	jnz	2f\n"
    "	test	$1, %r12b\n"
    "	jz	1f\n"
    "	syscall\n"
    "1:	test	$2, %r12b\n"
    "	jz	2f\n"
    "	rdtscp\n"
    "	cmp	%ecx, %r14d\n"
    "	jne	4f\n"
    "2:	jmp	*%r13\n"
    "3:	out	%al, $0x11\n"
    "4:	out	%al, $0x13\n"
    "guest_cpuid:\n"
    "	xor	%eax, %eax\n"
    "	cpuid\n"
    "	jmp	guest_code\n"
    "guest_trip:\n"
    "	out	%al, $0x10\n"
    "	jmp	guest_code\n"
    "guest_trip_and_wrmsr:\n"
    "	out	%al, $0x10\n"
    "	mov	$0xc0000082, %ecx\n"	/* LSTAR */
    "	mov	%r9, %rax\n"
    "	mov	%r9, %rdx\n"
    "	shr	$32, %rdx\n"
    "	wrmsr\n"
    "	mov	%rbx, %rax\n"
    "	mov	%rbx, %rdx\n"
    "	shr	$32, %rdx\n"
    "	wrmsr\n"
    "	jmp	guest_code\n"
    "guest_wake_me:\n"
    "	out	%al, $0x12\n"
    "guest_halt:\n"
    "	hlt\n"
    "	jmp	guest_code\n"
    "guest_wake_other:\n"
    "	mov	$0x830, %ecx\n"	/* x2APIC ICR: */
    "	mov	%r15d, %edx\n"
    "	mov	$0x4400, %eax\n"	/* an NMI */
    "	wrmsr\n"
    "	hlt\n"
    "	jmp	guest_code\n"
    "guest_syscall:\n"
    "	jmp	*%rcx\n"
    "guest_nmi:\n"
    "	iretq\n"
    "guest_pf:\n"
    "	lea	48(%rsp), %rsp\n"
    "	jmp	*%rcx\n"
    "guest_code_end:\n"
    ".popsection\n");

extern const uint8_t guest_code[], guest_cpuid[], guest_trip[];
extern const uint8_t guest_wake_me[], guest_halt[], guest_wake_other[];
extern const uint8_t guest_syscall[], guest_nmi[], guest_code_end[];
extern const uint8_t guest_trip_and_wrmsr[], guest_pf[];

static const struct event {
	const char *name;
	const uint8_t *code;
	int per_loop;
	int use;
	bool nested;
} events[] = {
	/* CPUID, which KVM emulates */
	[KERNEL_EXIT] = { "kernel_exit", guest_cpuid, 1, .nested = true },
	/* OUT, which ends KVM_RUN */
	{ "user_round_trip", guest_trip, 1, .nested = true },
	/* two vCPUs wake each other by IPIs, and halt; no user mode between */
	{ "vcpu_switch", guest_wake_other, 2 },
	/* HLT; a kernel thread runs, no other task, and wakes the vCPU */
	{ "wake", guest_wake_me, 1 },
	/* HLT; another task runs in user mode and wakes the vCPU */
	{ "wake_after_task", guest_halt, 1 },
};

static const struct workload {
	const char *name;
	int use;
	int period;
	bool same_system;
	int differing;
	bool no_syscall;
	bool guesses;
	uint64_t mistake;
	bool nested;
} workloads[] = {
	/* without EFER.SCE: beside kernel_only it shows what a slot costs */
	{ "one_slot", 0, 1, false, 4, true },
	/* all four values differ: STAR, LSTAR, SYSCALL_MASK, TSC_AUX */
	{ "kernel_only", 0, 1, false, 4, .nested = true },
	{ "syscall", USE_SYSCALL, 1, false, 4, .nested = true },
	{ "syscall_1_in_16", USE_SYSCALL, 16, false, 4, .nested = true },
	{ "rdtscp", USE_RDTSCP, 1, false, 4, .nested = true },
	{ "windows", USE_SYSCALL | USE_RDTSCP, 1, false, 4 },
	/* STAR and SYSCALL_MASK are the host's */
	{ "linux", USE_SYSCALL | USE_RDTSCP, 1, true, 2 },
};

/*
 * What a guest sees of its guess of the host's LSTAR: whether it is right should
 * change nothing. All its other values are as in the guest linux.
 */
static const struct workload guesses[] = {
	{ "lstar_right", 0, 1, true, .guesses = true },
	/* another address in the same page */
	{ "lstar_wrong", 0, 1, true, .guesses = true, .mistake = 0x10 },
};

static const struct event guess_events[] = {
	[KERNEL_EXIT] = { "kernel_exit", guest_cpuid, 1 },
	{ "trip_alone", guest_trip, 1 },
	{ "trip_and_syscall", guest_trip, 1, USE_SYSCALL },
	/* a WRMSR of the guess, and one of a value that it is not */
	{ "trip_and_wrmsr", guest_trip_and_wrmsr, 1 },
};

struct result {
	long wrmsrs;
	long interrupts;
	double ticks;
};

/* A line of the table, measured twice. */
static struct row {
	const struct workload *workload;
	const struct event *event;
	const struct row *kernel_exit;
	struct result results[2];
} rows[ARRAY_SIZE(workloads) * ARRAY_SIZE(events) +
       ARRAY_SIZE(guesses) * ARRAY_SIZE(guess_events)];

#define STRING_OF(name)	#name
#define STRING(macro)	STRING_OF(macro)

/*
 * What stays changed otherwise when this program is over. The fair server lets
 * other tasks run for 50 ms of each second, SCHED_FIFO or not.
 */
static struct setting {
	const char *path, *text;
	bool may_be_absent;
	char before[32];
} settings[] = {
	{ "/proc/sys/kernel/sched_rt_runtime_us", "-1", false },
	{ "/sys/kernel/debug/sched/fair_server/cpu" STRING(CPU) "/runtime", "0",
	  true },
	{ "/sys/module/kvm/parameters/halt_poll_ns", "0", false },
};

static struct vm vm;
static struct vcpu vcpu, other;
static pthread_t helper, waiting_tasks[4];
static int wake_me;
static volatile bool stop, stop_waiting;
/* A line to the hypervisor below, or -1. */
static int below = -1;

static size_t settings_changed;

static void restore_settings(void)
{
	while (settings_changed--)
		if (*settings[settings_changed].before)
			write_file(settings[settings_changed].path,
				   settings[settings_changed].before);
}

static void interrupted(int signal)
{
	exit(1);
}

static void change_settings(void)
{
	atexit(restore_settings);
	signal(SIGHUP, interrupted);
	signal(SIGINT, interrupted);
	signal(SIGTERM, interrupted);
	for (; settings_changed < ARRAY_SIZE(settings); settings_changed++) {
		struct setting *setting = &settings[settings_changed];
		FILE *file = fopen(setting->path, "r");

		if (!file && errno == ENOENT && setting->may_be_absent)
			continue;
		if (!file || !fgets(setting->before, sizeof(setting->before),
				    file))
			err(1, "cannot read %s", setting->path);
		fclose(file);
		write_file(setting->path, setting->text);
	}
}

static uint64_t guest_address(const uint8_t *symbol)
{
	return CODE + (symbol - guest_code);
}

static uint64_t host_msr(uint32_t index)
{
	int fd = open_host_msrs();
	uint64_t value;

	if (pread(fd, &value, 8, index) != 8)
		err(1, "cannot read the host's MSR 0x%x", index);
	close(fd);
	return value;
}

static uint64_t lstar_guess(const struct workload *workload)
{
	return host_msr(MSR_LSTAR) ^ workload->mistake;
}

/*
 * The selectors are Linux's in both systems. Bits 31:0 of STAR are for SYSCALL
 * in 32-bit mode, which Intel CPUs do not have.
 */
static void set_guest_values(const struct vcpu *cpu,
			     const struct workload *workload,
			     const struct event *event, uint32_t tsc_aux)
{
	bool has_guess = workload->guesses && event->code != guest_trip_and_wrmsr;

	const struct {
		uint32_t index;
		uint64_t value;
	} msrs[] = {
		{ MSR_STAR, host_msr(MSR_STAR) | !workload->same_system },
		{ MSR_LSTAR, has_guess ? lstar_guess(workload) :
				guest_address(guest_syscall) },
		{ MSR_SYSCALL_MASK, workload->same_system ?
			host_msr(MSR_SYSCALL_MASK) : 0x4700 },
		{ MSR_TSC_AUX, tsc_aux },
	};
	int differing = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		set_guest_msr(cpu, msrs[i].index, msrs[i].value);
		differing += msrs[i].value != host_msr(msrs[i].index);
	}
	if (!workload->guesses && differing != workload->differing)
		errx(1, "%s: %d values differ from the host's instead of %d",
		     workload->name, differing, workload->differing);
}

/* SYSCALL's values stay what they are, but KVM need not load them. */
static void disable_syscall(const struct vcpu *cpu)
{
	struct kvm_sregs sregs;

	if (ioctl(cpu->fd, KVM_GET_SREGS, &sregs))
		err(1, "KVM_GET_SREGS");
	sregs.efer &= ~EFER_SCE;
	if (ioctl(cpu->fd, KVM_SET_SREGS, &sregs))
		err(1, "KVM_SET_SREGS");
}

static uint64_t interrupt_gate(const uint8_t *handler)
{
	return IDT_PRESENT_INTERRUPT_GATE << 32 | CODE_SELECTOR << 16 |
	       guest_address(handler);
}

static void set_up_tables(const struct vcpu *cpu)
{
	uint64_t *gdt = (uint64_t *)(vm.memory + GDT);
	uint64_t *idt = (uint64_t *)(vm.memory + IDT);
	struct kvm_sregs sregs;

	gdt[CODE_SELECTOR / 8] = 0x00af9b000000ffff;
	gdt[DATA_SELECTOR / 8] = 0x00cf93000000ffff;
	idt[2 * NMI_VECTOR] = interrupt_gate(guest_nmi);
	idt[2 * PF_VECTOR] = interrupt_gate(guest_pf);

	if (ioctl(cpu->fd, KVM_GET_SREGS, &sregs))
		err(1, "KVM_GET_SREGS");
	sregs.gdt.base = GDT;
	sregs.gdt.limit = DATA_SELECTOR + 7;
	sregs.idt.base = IDT;
	sregs.idt.limit = IDT_GATES * 16 - 1;
	sregs.apic_base |= APIC_BASE_ENABLE_X2APIC;
	if (ioctl(cpu->fd, KVM_SET_SREGS, &sregs))
		err(1, "KVM_SET_SREGS");
}

/* An interrupt there wakes vCPU 0 by an NMI, which wants no handling. */
static void set_up_ioapic(void)
{
	struct kvm_irqchip chip = { .chip_id = KVM_IRQCHIP_IOAPIC };

	if (ioctl(vm.fd, KVM_GET_IRQCHIP, &chip))
		err(1, "KVM_GET_IRQCHIP");
	chip.chip.ioapic.redirtbl[IOAPIC_PIN].bits = IOAPIC_DELIVER_NMI;
	if (ioctl(vm.fd, KVM_SET_IRQCHIP, &chip))
		err(1, "KVM_SET_IRQCHIP");
}

/* The guest's OUT signals an eventfd, for which a kernel thread interrupts. */
static void set_up_wake_me(void)
{
	struct kvm_ioeventfd from = {
		.addr = PORT_WAKE_ME, .len = 1, .flags = KVM_IOEVENTFD_FLAG_PIO,
	};
	struct kvm_irqfd to = { .gsi = IOAPIC_PIN };

	wake_me = eventfd(0, 0);
	from.fd = wake_me;
	to.fd = wake_me;
	if (wake_me < 0 || ioctl(vm.fd, KVM_IOEVENTFD, &from) ||
	    ioctl(vm.fd, KVM_IRQFD, &to))
		err(1, "cannot tie an eventfd to a port and an interrupt");
}

static void set_regs(const struct vcpu *cpu, const struct workload *workload,
		     const struct event *event, uint64_t count, bool timed)
{
	int id = cpu == &other;
	struct kvm_regs regs = {
		.rip = CODE, .rsp = STACK_TOP(id), .rdi = SAMPLES - 8 * id,
		.rsi = timed ? 8 : 0, .r8 = count, .r10 = workload->period - 1,
		.r12 = workload->use | event->use,
		.r13 = guest_address(event->code), .r14 = id + 1, .r15 = !id,
		.r9 = lstar_guess(workload), .rbx = guest_address(guest_syscall),
	};

	set_guest_regs(cpu, &regs);
}

static void set_priority(pthread_t thread, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	if (pthread_setschedparam(thread, SCHED_FIFO, &param))
		errx(1, "cannot set a thread's priority");
}

static void *run_other(void *unused)
{
	while (!stop)
		ioctl(other.fd, KVM_RUN, 0);
	return unused;
}

static void *wake_vcpu(void *unused)
{
	struct kvm_irq_level irq = { .irq = IOAPIC_PIN };

	/* of a lower priority: it runs only while the vCPU is halted */
	set_priority(pthread_self(), 1);
	while (!stop) {
		irq.level = !irq.level;
		if (ioctl(vm.fd, KVM_IRQ_LINE, &irq))
			err(1, "KVM_IRQ_LINE");
	}
	return unused;
}

static void start_helper(void *(*function)(void *))
{
	stop = false;
	if (pthread_create(&helper, NULL, function, NULL))
		errx(1, "cannot create a thread");
}

static void create_guest(const struct workload *workload,
			 const struct event *event)
{
	struct kvm_mp_state runnable = { .mp_state = KVM_MP_STATE_RUNNABLE };

	create_vm(&vm, guest_code, guest_code_end - guest_code);
	if (ioctl(vm.fd, KVM_CREATE_IRQCHIP))
		err(1, "KVM_CREATE_IRQCHIP");
	create_vcpu(&vm, &vcpu, 0);
	set_up_tables(&vcpu);
	set_guest_values(&vcpu, workload, event, 1);
	if (workload->no_syscall)
		disable_syscall(&vcpu);
	set_up_ioapic();

	if (event->code == guest_wake_me)
		set_up_wake_me();
	if (event->code == guest_wake_other) {
		create_vcpu(&vm, &other, 1);
		set_up_tables(&other);
		set_guest_values(&other, workload, event, 2);
		if (workload->no_syscall)
			disable_syscall(&other);
		set_regs(&other, workload, event, UINT64_MAX, false);
		if (ioctl(other.fd, KVM_SET_MP_STATE, &runnable))
			err(1, "KVM_SET_MP_STATE");
		start_helper(run_other);
		/* It halts before the first vCPU wakes it. */
		set_priority(helper, 3);
		set_priority(helper, 2);
	}
}

static void destroy_vcpu(const struct vcpu *cpu)
{
	munmap(cpu->run, cpu->run_size);
	close(cpu->fd);
}

static void destroy_guest(const struct event *event)
{
	if (event->code == guest_wake_me)
		close(wake_me);
	if (event->code == guest_wake_other) {
		stop = true;
		pthread_kill(helper, SIGUSR1);
		pthread_join(helper, NULL);
		destroy_vcpu(&other);
	}
	destroy_vcpu(&vcpu);
	munmap(vm.memory, MEMORY_SIZE);
	close(vm.fd);
	close(vm.kvm);
}

/* Leaves how long each event took in @times, if there is such a place. */
static void run_guest(const struct workload *workload,
		      const struct event *event, int count, uint64_t *times)
{
	const uint64_t *stamps = (uint64_t *)(vm.memory + SAMPLES);
	int trips = 0, i;

	set_regs(&vcpu, workload, event, count + 1, times);
	if (event->code == guest_halt)
		start_helper(wake_vcpu);
	for (;;) {
		uint64_t start = __rdtsc();
		int failed = ioctl(vcpu.fd, KVM_RUN, 0);
		uint64_t end = __rdtsc();

		if (failed)
			err(1, "KVM_RUN");
		if (vcpu.run->exit_reason != KVM_EXIT_IO)
			errx(1, "the guest ended with exit reason %u",
			     vcpu.run->exit_reason);
		if (vcpu.run->io.port == PORT_WRONG)
			errx(1, "the guest sees another TSC_AUX than its own");
		if (vcpu.run->io.port == PORT_DONE)
			break;
		if (times)
			times[trips++] = end - start;
	}
	if (event->code == guest_halt) {
		stop = true;
		pthread_join(helper, NULL);
	}
	if (!times || trips)
		return;
	for (i = 0; i < count; i++)
		times[i] = stamps[i + 1] - stamps[i];
}

static long traced_wrmsrs(void)
{
	FILE *stats = fopen(TRACING "per_cpu/cpu0/stats", "r");
	long entries, overrun;

	if (!stats ||
	    fscanf(stats, "entries: %ld overrun: %ld", &entries, &overrun) != 2)
		err(1, "cannot read how many events were traced");
	fclose(stats);
	if (overrun)
		errx(1, "the trace buffer is too small");
	return entries;
}

/* VM-exits that no event of the guest's has caused */
static long interrupts(void)
{
	FILE *stat = fopen("/sys/kernel/debug/kvm/irq_exits", "r");
	long exits;

	if (!stat || fscanf(stat, "%ld", &exits) != 1)
		err(1, "cannot read KVM's count of interrupts");
	fclose(stat);
	return exits;
}

/* It answers when it has done so. */
static void tell_below(const char *what, const struct workload *workload,
		       const struct event *event, int events)
{
	char answer;

	if (below < 0)
		return;
	if (dprintf(below, "%s %s %s %d\n", what, workload->name, event->name,
		    events) < 0 || read(below, &answer, 1) != 1)
		err(1, "nobody counts VM-exits below");
}

static struct result count(const struct workload *workload,
			   const struct event *event, int events)
{
	struct result result = { .interrupts = -interrupts() };

	write_file(TRACING "trace", "\n");
	write_file(TRACING "events/msr/write_msr/enable", "1");
	tell_below("count", workload, event, events);
	run_guest(workload, event, events, NULL);
	tell_below("counted", workload, event, events);
	write_file(TRACING "events/msr/write_msr/enable", "0");
	result.wrmsrs = traced_wrmsrs();
	result.interrupts += interrupts();
	return result;
}

static void *wait_in_vain(void *unused)
{
	while (!stop_waiting)
		;
	return unused;
}

/*
 * Wakes and switches take the scheduler a dozen instructions more or less where
 * nothing else wants to run, or one task does, or more do, and a kernel thread may
 * come to want to at any time. So first all that does is let run: it might be
 * ksoftirqd, with the RCU callbacks of the guest before, and while that waits
 * each local_bh_enable() is 35 instructions longer. Then some tasks want to run
 * all the time, and these threads let them not. As there are more threads, ioctl()
 * counts references to the vCPU's file, as it does for any VMM with threads.
 */
static void start_waiting_tasks(void)
{
	const struct sched_param param = { .sched_priority = 0 };
	size_t i;

	usleep(100000);
	stop_waiting = false;
	for (i = 0; i < ARRAY_SIZE(waiting_tasks); i++)
		if (pthread_create(&waiting_tasks[i], NULL, wait_in_vain, NULL) ||
		    pthread_setschedparam(waiting_tasks[i], SCHED_OTHER, &param))
			errx(1, "cannot create a thread of no priority");
}

static void stop_waiting_tasks(void)
{
	size_t i;

	stop_waiting = true;
	for (i = 0; i < ARRAY_SIZE(waiting_tasks); i++)
		pthread_join(waiting_tasks[i], NULL);
}

static int compare_ticks(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static double ticks_per_loop(const uint64_t *times, int period)
{
	uint64_t at_position[TIMED], sum = 0;
	int nr = TIMED / period, position, i;

	for (position = 0; position < period; position++) {
		for (i = 0; i < nr; i++)
			at_position[i] = times[i * period + position];
		qsort(at_position, nr, sizeof(*at_position), compare_ticks);
		sum += at_position[nr / 2];
	}
	return (double)sum / period;
}

static struct result measure(const struct workload *workload,
			     const struct event *event)
{
	/* The kernel thread that wakes the guest is one that would wait, too. */
	bool tasks_wait = event->code != guest_wake_me;
	uint64_t times[WARM_UP + TIMED];
	struct result result, start;

	create_guest(workload, event);
	/* First the start and the end of a run, then with what is counted. */
	run_guest(workload, event, COUNTED, NULL);
	start = count(workload, event, WARM_UP);
	result = count(workload, event, WARM_UP + COUNTED);
	result.wrmsrs -= start.wrmsrs;
	result.interrupts -= start.interrupts;
	if (tasks_wait)
		start_waiting_tasks();
	run_guest(workload, event, WARM_UP + TIMED, times);
	if (tasks_wait)
		stop_waiting_tasks();
	result.ticks = ticks_per_loop(times + WARM_UP, workload->period);
	destroy_guest(event);
	return result;
}

/* Without those of the timer interrupts, which are kernel exits, too. */
static double wrmsrs_per_event(const struct row *row, int round)
{
	const struct result *result = &row->results[round];
	const struct result *kernel_exit = &row->kernel_exit->results[round];
	double per_exit = (double)kernel_exit->wrmsrs /
			  (COUNTED + kernel_exit->interrupts);

	return (result->wrmsrs - result->interrupts * per_exit) / COUNTED /
	       row->event->per_loop;
}

static double ticks_per_event(const struct row *row, int round)
{
	return row->results[round].ticks / row->event->per_loop;
}

static void ignore(int signal)
{
	(void)signal;
}

static struct row *set_up_rows(void)
{
	struct row *row = rows, *first;
	size_t w, e;

	for (w = 0; w < ARRAY_SIZE(workloads); w++) {
		first = row;
		for (e = 0; e < ARRAY_SIZE(events); e++) {
			if (below >= 0 &&
			    !(workloads[w].nested && events[e].nested))
				continue;
			*row++ = (struct row){ &workloads[w], &events[e], first };
		}
	}
	if (below >= 0)
		return row;
	first = row;
	for (e = 0; e < ARRAY_SIZE(guess_events); e++)
		for (w = 0; w < ARRAY_SIZE(guesses); w++)
			*row++ = (struct row){ &guesses[w], &guess_events[e],
					       first + w };
	return row;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = ignore };
	double wrmsrs[2], ticks[2];
	struct row *row, *end;
	int round, status = 0;
	bool exact;

	if (argc != 2 && argc != 3)
		errx(1, "usage: %s POLICY [LINE]", argv[0]);
	if (argc == 3) {
		below = open(argv[2], O_RDWR | O_NOCTTY);
		if (below < 0)
			err(1, "cannot open %s", argv[2]);
	}

	keep_other_tasks_off(2);
	change_settings();
	set_up_tracing();
	sigaction(SIGUSR1, &action, NULL);
	exact = tsc_counts_instructions();
	printf("unit %s\n", exact ? "instructions" : "cycles");

	end = set_up_rows();
	for (round = 0; round < 2; round++)
		for (row = rows; row < end; row++)
			row->results[round] = measure(row->workload, row->event);

	for (row = rows; row < end; row++) {
		for (round = 0; round < 2; round++) {
			wrmsrs[round] = wrmsrs_per_event(row, round);
			ticks[round] = ticks_per_event(row, round);
		}
		printf("case %s %s %s %.4f %.4f\n", argv[1],
		       row->workload->name, row->event->name, wrmsrs[0],
		       ticks[0]);
		if (wrmsrs[0] == wrmsrs[1] && ticks[0] == ticks[1])
			continue;
		printf("again %s %s %s %.4f %.4f\n", argv[1],
		       row->workload->name, row->event->name, wrmsrs[1],
		       ticks[1]);
		status = exact && below < 0;
	}
	return status;
}
