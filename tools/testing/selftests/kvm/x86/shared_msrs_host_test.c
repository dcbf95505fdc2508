// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host is intact while guests hold hostile values in shared MSRs.
 *
 * A guest spins through exits that the kernel handles, with values loaded that
 * no host user mode survives.  Witnesses are tasks that share its CPU: whenever
 * one gets to run, it looks whether RDTSCP and system calls work for it, and
 * what the msr driver reads.  A look counts only if it came right after the
 * guest: the VMM's thread is inside KVM_RUN, and the guest made progress since
 * any witness ran last.  Each witness must have such looks at each set of values
 * on each CPU.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "kvm_util.h"
#include "processor.h"
#include "shared_msrs.h"

#define PAGE_BYTES	4096
#define ARENA_GPA	0xc0000000ULL
#define ARENA_SLOT	10
#define ARENA_PAGES	8
#define TIMER_VECTOR	0x40

/* x2APIC registers are MSRs. */
#define X2APIC_EOI	0x80b
#define X2APIC_SPIV	0x80f
#define X2APIC_LVTT	0x832
#define X2APIC_TMICT	0x838
#define X2APIC_TDCR	0x83e
#define APICBASE_X2APIC	BIT_ULL(10)

/* Kernel exits between two exits to user mode. */
#define ROUNDS		256
/* Looks wanted of each witness at each set, and exits to user mode to try. */
#define LOOKS		3
#define TRIES		200

#define MS		1000000L

/* System calls as 64-bit and 32-bit programs number them. */
#define NR_LSEEK_64	8
#define NR_FORK_64	57
#define NR_LSEEK_32	19

enum witness {
	VMM_EXIT,
	VMM_SIGNAL,
	VMM_STOPPED,
	CHILD_FORK,
	CHILD_EXEC,
	THREAD,
	STRANGER,
	TRACER,
	NR_WITNESSES
};

static const char * const witness_names[NR_WITNESSES] = {
	[VMM_EXIT]	= "VMM thread after KVM_RUN",
	[VMM_SIGNAL]	= "VMM thread in a signal handler",
	[VMM_STOPPED]	= "VMM thread after a ptrace stop",
	[CHILD_FORK]	= "child of the VMM after fork",
	[CHILD_EXEC]	= "child of the VMM after exec",
	[THREAD]	= "another thread of the process",
	[STRANGER]	= "an unrelated process",
	[TRACER]	= "tracer of the VMM thread",
};

enum effect {
	EFFECT_LOOKS,
	EFFECT_TSC_AUX,
	EFFECT_SYSCALL,
	EFFECT_INT80,
	EFFECT_MSRS,
	NR_EFFECTS
};

static const char * const effect_names[NR_EFFECTS] = {
	[EFFECT_LOOKS]		= "runs right after the guest",
	[EFFECT_TSC_AUX]	= "TSC_AUX equals getcpu",
	[EFFECT_SYSCALL]	= "64-bit system calls work",
	[EFFECT_INT80]		= "32-bit system calls work",
	[EFFECT_MSRS]		= "msr driver reads the boot values",
};

/* Both are canonical: KVM would refuse others, as the CPU does. */
#define UNMAPPED	0xffff800000123000ULL
#define USER_MEMORY	((uintptr_t)guest_landing_a)

/* Neither Linux nor the selftest library have such selectors. */
#define FOREIGN_A	0xffe00fe000000000ULL
#define FOREIGN_B	0x0000800000000000ULL

/* What the guest loads, and number 0 for not loaded. */
static const struct hostile {
	u64 star;
	u64 lstar;
	u64 mask;
	u64 aux;
} sets[] = {
	{},
	{ FOREIGN_A, UNMAPPED,    0,          0xffffffff },
	{ FOREIGN_B, USER_MEMORY, 0xffffffff, 0xffffffff },
	{ FOREIGN_A, USER_MEMORY, 0,          0xffffffff },
	{ FOREIGN_B, UNMAPPED,    0xffffffff, 0xffffffff },
};

/* A test point: many checks, on all CPUs. */
struct point {
	unsigned int checks;
	unsigned int failures;
	char first[128];
};

/* What the msr driver read before any guest ran. */
struct host_msrs {
	bool has[NR_SHARED_MSRS];
	u64 value[NR_SHARED_MSRS];
	int fd;
};

/* Shared by the guest and all witnesses, also those that fork and exec. */
static struct arena {
	/* By the guest. */
	u64 progress;		/* rounds done with the values of @set loaded */
	u32 set;
	u64 checks;
	u64 failures;
	u64 first[3];		/* line, expected, actual */

	/* By the VMM's thread. */
	u32 wanted;		/* the set to load next */
	bool in_run;
	bool stop;
	int cpu;
	bool rdtscp;
	bool rdpid;
	bool int80;
	bool guest_rdtscp;
	u64 cs;
	u64 ss;
	struct host_msrs boot;

	/* By all. */
	u64 run_start;		/* progress before KVM_RUN */
	u64 last_look;		/* progress when a witness ran last */
	u64 signals;		/* taken by the VMM's thread without a stop */
	u64 stops;		/* of the VMM's thread, by its tracer */
	int ptrace_errno;
	unsigned int looks[NR_WITNESSES][ARRAY_SIZE(sets)];
	struct point points[NR_WITNESSES][NR_EFFECTS];
} *arena;

static_assert(sizeof(struct arena) <= ARENA_PAGES * PAGE_BYTES, "struct arena");

static int arena_fd;

/* --- Guest --- */

static struct arena *guest_arena(void)
{
	return (struct arena *)ARENA_GPA;
}

static void guest_timer(struct ex_regs *regs)
{
	wrmsr(X2APIC_EOI, 0);
}

static void guest_check(int line, u64 expected, u64 actual)
{
	struct arena *a = guest_arena();

	a->checks++;
	if (expected == actual || a->failures++)
		return;
	a->first[0] = line;
	a->first[1] = expected;
	a->first[2] = actual;
}

static void guest_load(const struct hostile *set)
{
	wrmsr(MSR_STAR, set->star);
	wrmsr(MSR_LSTAR, set->lstar);
	wrmsr(MSR_CSTAR, set->lstar);
	wrmsr(MSR_SYSCALL_MASK, set->mask);
	if (guest_arena()->guest_rdtscp)
		wrmsr(MSR_TSC_AUX, set->aux);
}

/* By effect: these values, and no others, are in the hardware. */
static void guest_prove(const struct hostile *set)
{
	u64 rflags = RFLAGS_MASKABLE | X86_EFLAGS_FIXED;
	struct landing landing;
	u32 aux;

	guest_syscall(&landing, rflags);
	guest_check(__LINE__, set->lstar, landing.rip);
	/*
	 * Not where it faults: Bochs with more than one CPU sometimes delivers
	 * the fault twice, with what the first delivery made of CS and NT.
	 */
	if (set->lstar == USER_MEMORY) {
		guest_check(__LINE__, NO_VECTOR, landing.vector);
		guest_check(__LINE__, set->star >> 32 & 0xffff, landing.cs);
		guest_check(__LINE__,
			    (rflags & ~set->mask) | X86_EFLAGS_FIXED,
			    landing.rflags);
	}
	if (guest_arena()->guest_rdtscp) {
		rdtscp(&aux);
		guest_check(__LINE__, set->aux, aux);
	}
}

static void guest_code(void)
{
	struct arena *a = guest_arena();
	u32 eax, ebx, ecx, edx;
	int i;

	wrmsr(MSR_IA32_APICBASE, rdmsr(MSR_IA32_APICBASE) | APICBASE_X2APIC);
	wrmsr(X2APIC_SPIV, 0x1ff);
	wrmsr(X2APIC_TDCR, 0xb);
	wrmsr(X2APIC_LVTT, TIMER_VECTOR);
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);

	for (;;) {
		u32 wanted = READ_ONCE(a->wanted);

		if (wanted != a->set) {
			WRITE_ONCE(a->set, 0);
			guest_load(&sets[wanted]);
			WRITE_ONCE(a->set, wanted);
		}
		for (i = 0; i < ROUNDS; i++) {
			cpuid(0, &eax, &ebx, &ecx, &edx);
			guest_prove(&sets[wanted]);
			WRITE_ONCE(a->progress, a->progress + 1);
		}
		/* 1 ms, for the VMM's thread to sleep inside KVM_RUN. */
		wrmsr(X2APIC_TMICT, 1000000);
		guest_halt();
		guest_prove(&sets[wanted]);
		WRITE_ONCE(a->progress, a->progress + 1);
		GUEST_SYNC(wanted);
	}
}

/* --- Witnesses --- */

static void check(enum witness w, enum effect e, const char *what, u64 expected,
		  u64 actual)
{
	struct point *point = &arena->points[w][e];

	point->checks++;
	if (expected == actual || point->failures++)
		return;
	snprintf(point->first, sizeof(point->first),
		 "%s: expected %#lx, actual %#lx (CPU %d, set %u)", what,
		 expected, actual, arena->cpu, arena->set);
}

/* One system call: what it returned and what it left behind. */
struct host_call {
	u64 ret;
	u64 rflags;
	u64 cs;
	u64 ss;
	bool kept;	/* all registers that it must not change */
};

#define PATTERN(n)	(0x5a5a0000c3c30000ULL + (n))

/*
 * lseek(@fd, @offset, SEEK_SET), which returns the offset, with all arithmetic
 * flags set.  RBX, RCX and RDX are the arguments by the 32-bit convention, RDI,
 * RSI and RDX by the 64-bit one, where RCX and R11 are lost.
 */
static void host_call(struct host_call *call, int fd, u32 offset, bool compat)
{
	u64 rax = compat ? NR_LSEEK_32 : NR_LSEEK_64;
	u64 rbx = compat ? fd : PATTERN(0);
	u64 rcx = compat ? offset : PATTERN(1);
	u64 rdx = SEEK_SET;
	u64 rsi = compat ? PATTERN(2) : offset;
	u64 rdi = compat ? PATTERN(3) : fd;

	register u64 r8 asm("r8") = PATTERN(8);
	register u64 r9 asm("r9") = PATTERN(9);
	register u64 r10 asm("r10") = PATTERN(10);
	register u64 r12 asm("r12") = RFLAGS_ARITH | X86_EFLAGS_FIXED;
	register u64 r13 asm("r13") = PATTERN(13);
	register u64 r14 asm("r14") = compat;
	register u64 r15 asm("r15");

	/* Step over the red zone before pushing. */
	asm volatile("lea	-128(%%rsp), %%rsp\n\t"
		     "test	%%r14, %%r14\n\t"
		     "jnz	1f\n\t"
		     "push	%%r12\n\t"
		     "popfq\n\t"
		     "syscall\n\t"
		     "jmp	2f\n\t"
		     "1:\n\t"
		     "push	%%r12\n\t"
		     "popfq\n\t"
		     "int	$0x80\n\t"
		     "2:\n\t"
		     "pushfq\n\t"
		     "pop	%%r12\n\t"
		     "lea	128(%%rsp), %%rsp\n\t"
		     "mov	%%cs, %%r14d\n\t"
		     "mov	%%ss, %%r15d\n\t"
		     : "+a"(rax), "+b"(rbx), "+c"(rcx), "+d"(rdx), "+S"(rsi),
		       "+D"(rdi), "+r"(r8), "+r"(r9), "+r"(r10), "+r"(r12),
		       "+r"(r13), "+r"(r14), "=&r"(r15)
		     : : "r11", "memory", "cc");

	call->ret = rax;
	call->rflags = r12;
	call->cs = r14;
	call->ss = r15;
	call->kept = rdx == SEEK_SET && r8 == PATTERN(8) && r9 == PATTERN(9) &&
		     r10 == PATTERN(10) && r13 == PATTERN(13);
	if (compat)
		call->kept &= rbx == fd && rcx == offset &&
			      rsi == PATTERN(2) && rdi == PATTERN(3);
	else
		call->kept &= rbx == PATTERN(0) && rsi == offset && rdi == fd;
}

static void check_call(enum witness w, enum effect e, u32 offset,
		       const struct host_call *call)
{
	u64 flags = RFLAGS_ARITH | RFLAGS_DF;

	check(w, e, "lseek", offset, call->ret);
	check(w, e, "RFLAGS", RFLAGS_ARITH, call->rflags & flags);
	check(w, e, "registers kept", true, call->kept);
	check(w, e, "CS", arena->cs, call->cs);
	check(w, e, "SS", arena->ss, call->ss);
}

/*
 * Must come first when the witness gets to run, and in this order: with each
 * system call the CPU returns to user mode once more.
 */
static void look(enum witness w)
{
	struct host_call call, call32;
	u32 set = READ_ONCE(arena->set);
	u64 since, progress;
	u32 aux = 0, pid = 0, expected, offset;

	if (arena->rdtscp)
		rdtscp(&aux);
	if (arena->rdpid)
		pid = rdpid();

	/* Before the thread goes on, its tracer has had a look. */
	since = w == VMM_STOPPED ? arena->run_start : arena->last_look;
	progress = READ_ONCE(arena->progress);
	if (arena->in_run && set && progress > since)
		arena->looks[w][set]++;
	if (progress > arena->last_look)
		arena->last_look = progress;

	/* Another one for each look. */
	offset = (w + 1) << 24 | (progress & 0xffff) << 1;
	host_call(&call, arena_fd, offset, false);
	if (arena->int80)
		host_call(&call32, arena_fd, offset + 1, true);

	check_call(w, EFFECT_SYSCALL, offset, &call);
	if (arena->int80)
		check_call(w, EFFECT_INT80, offset + 1, &call32);

	expected = host_expected_tsc_aux();
	if (arena->rdtscp)
		check(w, EFFECT_TSC_AUX, "RDTSCP", expected, aux);
	if (arena->rdpid)
		check(w, EFFECT_TSC_AUX, "RDPID", expected, pid);
}

/*
 * Only on this CPU, by a task that the VMM's thread cannot preempt: another CPU
 * asks this one with an IPI, which is answered from inside the kernel.
 */
static void look_at_msrs(enum witness w)
{
	u64 value;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!arena->boot.has[i])
			continue;
		if (pread(arena->boot.fd, &value, sizeof(value),
			  shared_msrs[i].index) != sizeof(value))
			value = ~arena->boot.value[i];
		/* kvm_amd sets it while there are VMs. */
		if (i == SHARED_EFER)
			value &= ~EFER_SVME;
		check(w, EFFECT_MSRS, shared_msrs[i].name, arena->boot.value[i],
		      value);
	}
}

/*
 * Witnesses run as soon as they wake up; the VMM's thread is next; its children
 * run when it sleeps inside KVM_RUN, until they become witnesses.  Without the
 * right to have it so, looks right after the guest take more tries.
 */
static void set_priority(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
}

#define PRIORITY_VMM		1
#define PRIORITY_WITNESS	2

static void sleep_and_look(enum witness w, long ns)
{
	struct timespec time = { .tv_nsec = ns };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
	look(w);
	look_at_msrs(w);
}

static void *thread_main(void *unused)
{
	set_priority(PRIORITY_WITNESS);
	while (!READ_ONCE(arena->stop))
		sleep_and_look(THREAD, 7 * MS);
	return NULL;
}

/*
 * Have the VMM's thread stop by the signal of its timer.  PTRACE_INTERRUPT would
 * stop it before the guest runs again, as the caller is on the same CPU.
 */
static void trace(pid_t vmm)
{
	struct user_regs_struct regs;
	int status, sig;

	if (ptrace(PTRACE_SEIZE, vmm, NULL, NULL)) {
		arena->ptrace_errno = errno;
		return;
	}
	for (;;) {
		if (waitpid(vmm, &status, __WALL) != vmm || !WIFSTOPPED(status))
			_exit(1);
		sig = WSTOPSIG(status);
		if (sig == SIGALRM)
			break;
		ptrace(PTRACE_CONT, vmm, NULL, sig);
	}
	look(TRACER);
	look_at_msrs(TRACER);

	if (ptrace(PTRACE_GETREGS, vmm, NULL, &regs))
		memset(&regs, 0, sizeof(regs));
	check(TRACER, EFFECT_SYSCALL, "CS of the VMM", arena->cs, regs.cs);
	check(TRACER, EFFECT_SYSCALL, "SS of the VMM", arena->ss, regs.ss);
	arena->stops++;
	ptrace(PTRACE_DETACH, vmm, NULL, sig);
}

static void stranger_main(pid_t vmm)
{
	u64 signals = arena->signals;

	/* Not to outlive a VMM that fails. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	set_priority(PRIORITY_WITNESS);
	while (!READ_ONCE(arena->stop)) {
		sleep_and_look(STRANGER, 9 * MS);
		/* Leave every other signal to the VMM's thread alone. */
		if (READ_ONCE(arena->signals) == signals || arena->ptrace_errno)
			continue;
		trace(vmm);
		signals = READ_ONCE(arena->signals);
	}
	_exit(0);
}

/* This program, executed anew by a child of the VMM: see child_main(). */
static int exec_main(int fd)
{
	unsigned int before;
	u32 set;
	int i;

	arena_fd = fd;
	arena = mmap(NULL, ARENA_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_SHARED, arena_fd, 0);
	if (arena == MAP_FAILED)
		return 1;

	set_priority(PRIORITY_WITNESS);
	set = arena->wanted;
	before = arena->looks[CHILD_EXEC][set];
	for (i = 0; i < 10 && arena->looks[CHILD_EXEC][set] == before; i++)
		sleep_and_look(CHILD_EXEC, 2 * MS);
	return 0;
}

static void child_main(void)
{
	char fd[16];

	look(CHILD_FORK);
	set_priority(PRIORITY_WITNESS);
	look_at_msrs(CHILD_FORK);
	snprintf(fd, sizeof(fd), "%d", arena_fd);
	execl("/proc/self/exe", "shared_msrs_host_test", "exec", fd, NULL);
	_exit(2);
}

/* --- VMM --- */

static void on_alarm(int sig)
{
	static u64 stops_seen;
	enum witness w = VMM_SIGNAL;
	int saved = errno;

	if (READ_ONCE(arena->stops) != stops_seen)
		w = VMM_STOPPED;
	look(w);
	look_at_msrs(w);
	stops_seen = arena->stops;
	if (w == VMM_SIGNAL)
		arena->signals++;
	errno = saved;
}

/* Off while the VMM forks: what takes longer would start again forever. */
static void set_alarm(long ns)
{
	struct itimerval timer = {
		.it_value.tv_usec = ns / 1000,
		.it_interval.tv_usec = ns / 1000,
	};

	TEST_ASSERT(!setitimer(ITIMER_REAL, &timer, NULL),
		    "setitimer failed, errno: %i", errno);
}

static unsigned int interrupted;

static void run_to_sync(struct kvm_vcpu *vcpu)
{
	struct ucall uc;
	int ret;

	do {
		arena->run_start = arena->progress;
		WRITE_ONCE(arena->in_run, true);
		ret = __vcpu_run(vcpu);
		if (!ret)
			look(VMM_EXIT);
		else if (errno == EINTR)
			interrupted++;
		WRITE_ONCE(arena->in_run, false);
		look_at_msrs(VMM_EXIT);
	} while (ret && errno == EINTR);
	TEST_ASSERT(!ret, "KVM_RUN failed, errno: %i", errno);

	if (get_ucall(vcpu, &uc) != UCALL_SYNC)
		ksft_exit_fail_msg("unexpected exit %u (%s)\n",
				   vcpu->run->exit_reason,
				   exit_reason_str(vcpu->run->exit_reason));
	if (uc.args[1] == STAGE_EXCEPTION)
		ksft_exit_fail_msg("guest exception %lu at %#lx, error code %#lx\n",
				   uc.args[2], uc.args[3], uc.args[4]);
}

static bool seen_by_all(u32 set)
{
	int w;

	for (w = 0; w < NR_WITNESSES; w++) {
		if (arena->ptrace_errno && (w == TRACER || w == VMM_STOPPED))
			continue;
		if (arena->looks[w][set] < LOOKS)
			return false;
	}
	return true;
}

/* Wait for the child, or with WNOHANG see whether it is done. */
static pid_t reap(pid_t child, int flags)
{
	int status;
	pid_t pid;

	if (!child)
		return 0;
	do {
		pid = waitpid(child, &status, flags);
	} while (pid < 0 && errno == EINTR);
	if (!pid)
		return child;
	check(CHILD_EXEC, EFFECT_SYSCALL, "exit status", 0, status);
	return 0;
}

static void run_set(struct kvm_vcpu *vcpu, u32 set)
{
	pid_t child = 0;
	int i, w;

	WRITE_ONCE(arena->wanted, set);
	for (i = 0; i < TRIES && !seen_by_all(set); i++) {
		/*
		 * Not the library's fork(), so that nothing of the child comes
		 * before its look.
		 */
		if (!child) {
			child = syscall(NR_FORK_64);
			if (!child)
				child_main();
			TEST_ASSERT(child > 0, "fork failed, errno: %i", errno);
		}
		set_alarm(10 * MS);
		run_to_sync(vcpu);
		set_alarm(0);
		child = reap(child, WNOHANG);
	}
	reap(child, 0);

	for (w = 0; w < NR_WITNESSES; w++)
		check(w, EFFECT_LOOKS, "looks right after the guest", true,
		      arena->looks[w][set] >= LOOKS);
}

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu)
{
	struct kvm_userspace_memory_region region = {
		.slot = ARENA_SLOT,
		.guest_phys_addr = ARENA_GPA,
		.memory_size = ARENA_PAGES * PAGE_BYTES,
		.userspace_addr = (uintptr_t)arena,
	};
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);

	vm_init_descriptor_tables(vm);
	vcpu_init_descriptor_tables(*vcpu);
	vm_install_syscall_fault_handlers(vm);
	vm_install_exception_handler(vm, TIMER_VECTOR, guest_timer);
	TEST_ASSERT(!__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region),
		    "KVM_SET_USER_MEMORY_REGION failed, errno: %i", errno);
	virt_map(vm, ARENA_GPA, ARENA_GPA, ARENA_PAGES);
	return vm;
}

static void run_cpu(int cpu, const struct host_msrs *boot)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	pthread_t thread;
	pid_t stranger;
	sigset_t alarm;
	char path[64];
	int status;
	u32 set;

	/* What comes from here on inherits the CPU. */
	host_pin(cpu);
	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	arena->cpu = cpu;
	arena->boot = *boot;
	arena->boot.fd = open(path, O_RDONLY);
	arena->set = 0;
	arena->stop = false;
	memset(arena->looks, 0, sizeof(arena->looks));

	/* Before the VM, to have nothing of it. */
	stranger = fork();
	if (!stranger)
		stranger_main(getppid());
	TEST_ASSERT(stranger > 0, "fork failed, errno: %i", errno);

	/* The signal is for the VMM's thread alone. */
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL);
	TEST_ASSERT(!pthread_create(&thread, NULL, thread_main, NULL),
		    "pthread_create failed");
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);

	vm = create_guest(&vcpu);
	set_priority(PRIORITY_VMM);
	for (set = 1; set < ARRAY_SIZE(sets); set++)
		run_set(vcpu, set);

	/* The tracer may be waiting for a signal. */
	WRITE_ONCE(arena->stop, true);
	set_alarm(10 * MS);
	while (waitpid(stranger, &status, 0) < 0 && errno == EINTR)
		;
	set_alarm(0);
	check(STRANGER, EFFECT_SYSCALL, "exit status", 0, status);
	pthread_join(thread, NULL);
	kvm_vm_free(vm);
	close(arena->boot.fd);
}

/* --- Before and after --- */

static void look_at_host(const cpu_set_t *cpus, struct host_msrs *boot)
{
	struct host_call call;
	pid_t child;
	int cpu, i, status;
	u32 aux;

	host_call(&call, arena_fd, 0x1000, false);
	arena->cs = call.cs;
	arena->ss = call.ss;
	arena->rdtscp = host_has_rdtscp();
	arena->rdpid = host_has_rdpid();

	/* INT 0x80 is #GP where the kernel has no 32-bit system calls. */
	child = fork();
	if (!child) {
		host_call(&call, arena_fd, 0x1000, true);
		_exit(call.ret != 0x1000);
	}
	arena->int80 = waitpid(child, &status, 0) == child && !status;

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		host_pin(cpu);
		if (arena->rdtscp) {
			rdtscp(&aux);
			TEST_ASSERT(aux == host_expected_tsc_aux(),
				    "TSC_AUX %#x before any guest ran", aux);
		}
		for (i = 0; i < NR_SHARED_MSRS; i++)
			boot[cpu].has[i] = host_rdmsr(cpu, i,
						      &boot[cpu].value[i]);
	}
}

static const char *skip_reason(enum witness w, enum effect e)
{
	if (arena->ptrace_errno && (w == TRACER || w == VMM_STOPPED))
		return "no right to trace";
	if (e == EFFECT_TSC_AUX && !arena->rdtscp && !arena->rdpid)
		return "CPU has neither RDTSCP nor RDPID";
	if (e == EFFECT_INT80 && !arena->int80)
		return "kernel has no 32-bit system calls";
	if (e == EFFECT_MSRS && !arena->boot.has[SHARED_LSTAR])
		return "no access to /dev/cpu/*/msr";
	return NULL;
}

static bool report(void)
{
	bool pass = true, ok;
	int w, i;

	ksft_set_plan(NR_WITNESSES * NR_EFFECTS + 2);

	for (w = 0; w < NR_WITNESSES; w++) {
		for (i = 0; i < NR_EFFECTS; i++) {
			struct point *point = &arena->points[w][i];
			const char *reason = skip_reason(w, i);

			if (reason) {
				ksft_test_result_skip("%s: %s: %s\n",
						      witness_names[w],
						      effect_names[i], reason);
				continue;
			}
			ok = point->checks && !point->failures;
			if (point->failures)
				ksft_print_msg("%s; %u of %u checks failed\n",
					       point->first, point->failures,
					       point->checks);
			ksft_test_result(ok, "%s: %s\n", witness_names[w],
					 effect_names[i]);
			pass &= ok;
		}
	}

	ok = arena->checks && !arena->failures;
	if (arena->failures)
		ksft_print_msg("line %lu: expected %#lx, actual %#lx; %lu of %lu checks failed\n",
			       arena->first[0], arena->first[1],
			       arena->first[2], arena->failures, arena->checks);
	ksft_test_result(ok, "guest has its values all the time\n");
	pass &= ok;

	ksft_test_result(interrupted, "signals interrupt KVM_RUN\n");
	return pass && interrupted;
}

int main(int argc, char *argv[])
{
	static struct host_msrs boot[CPU_SETSIZE];
	struct sigaction action = { .sa_handler = on_alarm };
	cpu_set_t cpus;
	int cpu;

	if (argc == 3 && !strcmp(argv[1], "exec"))
		return exec_main(atoi(argv[2]));

	/* Keep what was printed, should the host not survive. */
	setbuf(stdout, NULL);
	ksft_print_header();
	if (access("/dev/kvm", R_OK | W_OK))
		ksft_exit_skip("no access to /dev/kvm\n");
	/* Others, as PVM, run guests in ring 3, where SYSCALL is another thing. */
	if (access("/sys/module/kvm_intel", F_OK) &&
	    access("/sys/module/kvm_amd", F_OK))
		ksft_exit_skip("neither kvm_intel nor kvm_amd is loaded\n");

	arena_fd = memfd_create("arena", 0);
	TEST_ASSERT(arena_fd >= 0 &&
		    !ftruncate(arena_fd, ARENA_PAGES * PAGE_BYTES),
		    "memfd_create failed, errno: %i", errno);
	arena = mmap(NULL, ARENA_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_SHARED, arena_fd, 0);
	TEST_ASSERT(arena != MAP_FAILED, "mmap failed, errno: %i", errno);

	TEST_ASSERT(!sched_getaffinity(0, sizeof(cpus), &cpus),
		    "sched_getaffinity failed, errno: %i", errno);
	look_at_host(&cpus, boot);
	arena->guest_rdtscp = kvm_cpu_has(X86_FEATURE_RDTSCP);

	/* Where only ancestors may trace, let the stranger. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	TEST_ASSERT(!sigaction(SIGALRM, &action, NULL),
		    "sigaction failed, errno: %i", errno);

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &cpus))
			run_cpu(cpu, &boot[cpu]);
	}
	ksft_print_msg("%d CPUs, %lu rounds of the guest, KVM_RUN interrupted %u times\n",
		       CPU_COUNT(&cpus), arena->progress, interrupted);
	ksft_exit(report());
}
