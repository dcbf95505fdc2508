// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host is intact while guests hold hostile values in shared MSRs.
 *
 * A guest spins through exits that the kernel handles, with values loaded that
 * no host user mode survives. Witnesses are tasks that share its CPU: whenever
 * one gets to run, it looks whether RDTSCP and system calls work for it, and
 * what the msr driver reads. A look counts only if it came right after the
 * guest: the VMM's thread is inside KVM_RUN, and the guest made progress since
 * any witness ran last. Each witness must have such looks at each set of values
 * on each CPU.
 */
#include "shared_msrs.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>

#define ARENA_GPA	0xc0000000ULL
#define ARENA_SLOT	10
#define ARENA_PAGES	8

/* Kernel exits between two exits to user mode. */
#define ROUNDS		256
/* Looks wanted of each witness at each set, and exits to user mode to try. */
#define LOOKS		3U
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

/* The 32-bit calls, and that it runs right after the guest. */
#define NR_POINTS	(2 + NR_HOST_EFFECTS)

/* Both are canonical: KVM would refuse others, as the CPU does. */
#define UNMAPPED	0xffff800000123000ULL
#define USER_MEMORY	((uintptr_t)guest_landing_a)

/* Neither Linux nor the selftest library have such selectors. */
#define FOREIGN_A	0xffe00fe000000000ULL
#define FOREIGN_B	0x0000800000000000ULL

/* All of RFLAGS is for SYSCALL to clear, or nothing. */
#define HOSTILE(star, lstar, cstar, mask) {		\
	[SHARED_STAR]		= star,			\
	[SHARED_LSTAR]		= lstar,		\
	[SHARED_CSTAR]		= cstar,		\
	[SHARED_SYSCALL_MASK]	= mask,			\
	[SHARED_EFER]		= GUEST_EFER,		\
	[SHARED_TSC_AUX]	= 0xffffffff,		\
	[SHARED_TSX_CTRL]	= TSX_CTRL_RTM_DISABLE,	\
}

/* What the guest loads, and number 0 for not loaded. */
static const u64 sets[][NR_SHARED_MSRS] = {
	{},
	HOSTILE(FOREIGN_A, UNMAPPED, UNMAPPED, 0),
	HOSTILE(FOREIGN_B, USER_MEMORY, USER_MEMORY, 0xffffffff),
	HOSTILE(FOREIGN_A, USER_MEMORY, USER_MEMORY, 0),
	HOSTILE(FOREIGN_B, UNMAPPED, UNMAPPED, 0xffffffff),
};

/* Shared by the guest and all witnesses, also those that fork and exec. */
static struct arena {
	/* By the guest. */
	u64 progress;		/* rounds done with the values of @set loaded */
	u32 set;
	struct tally effects[NR_EFFECTS];

	/* By the VMM's thread. */
	u32 wanted;		/* the set to load next */
	bool in_run;
	bool stop;
	int cpu;
	int msr_fd;
	bool int80;
	/* Of host_before, for what is executed anew. */
	struct host_syscall syscall_before;
	struct host_msr msrs_before[NR_SHARED_MSRS];

	/* By all. */
	u64 run_start;		/* progress before KVM_RUN */
	u64 last_look;		/* progress when a witness ran last */
	u64 signals;		/* taken by the VMM's thread without a stop */
	u64 stops;		/* of the VMM's thread, by its tracer */
	int ptrace_errno;
	unsigned int looks[NR_WITNESSES][ARRAY_SIZE(sets)];
	struct tally int80_calls[NR_WITNESSES];
	struct tally host[NR_WITNESSES][NR_HOST_EFFECTS];
} *arena;

static_assert(sizeof(struct arena) <= ARENA_PAGES * PAGE_BYTES, "struct arena");

static int arena_fd;

/* --- Guest --- */

static struct arena *guest_arena(void)
{
	return (struct arena *)ARENA_GPA;
}

/* By effect: these values, and no others, are in the hardware. */
static void guest_prove(u32 set)
{
	struct effects seen;

	tally_step = set;
	guest_see(&seen, false);
	if (sets[set][SHARED_LSTAR] == UNMAPPED)
		check_effects_unmapped(guest_arena()->effects, sets[set], &seen);
	else
		check_effects(guest_arena()->effects, sets[set], &seen);
}

static void guest_code(void)
{
	struct arena *a = guest_arena();
	u32 eax, ebx, ecx, edx;
	int i;

	guest_apic_init();
	wrmsr(MSR_EFER, GUEST_EFER);

	for (;;) {
		u32 wanted = READ_ONCE(a->wanted);

		if (wanted != a->set) {
			WRITE_ONCE(a->set, 0);
			guest_wrmsr_all(sets[wanted]);
			WRITE_ONCE(a->set, wanted);
		}
		for (i = 0; i < ROUNDS; i++) {
			cpuid(0, &eax, &ebx, &ecx, &edx);
			guest_prove(wanted);
			WRITE_ONCE(a->progress, a->progress + 1);
		}
		/* For the VMM's thread to sleep inside KVM_RUN. */
		guest_nap(1);
		guest_prove(wanted);
		WRITE_ONCE(a->progress, a->progress + 1);
		GUEST_SYNC(wanted);
	}
}

/* --- Witnesses --- */

/* One system call: what it returned and what it left behind. */
struct host_call {
	struct host_syscall left;
	bool kept;	/* all registers that it must not change */
};

#define PATTERN(n)	(0x5a5a0000c3c30000ULL + (n))

/*
 * lseek(@fd, @offset, SEEK_SET), which returns the offset, with all arithmetic
 * flags set. RBX, RCX and RDX are the arguments by the 32-bit convention, RDI,
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

	call->left.ret = rax;
	call->left.rflags = r12;
	call->left.cs = r14;
	call->left.ss = r15;
	call->kept = rdx == SEEK_SET && r8 == PATTERN(8) && r9 == PATTERN(9) &&
		     r10 == PATTERN(10) && r13 == PATTERN(13);
	if (compat)
		call->kept &= rbx == fd && rcx == offset &&
			      rsi == PATTERN(2) && rdi == PATTERN(3);
	else
		call->kept &= rbx == PATTERN(0) && rsi == offset && rdi == fd;
}

static void check_call(struct tally *tally, u32 offset,
		       const struct host_call *call)
{
	host_check_syscall(tally, offset, &call->left);
	tally_check(tally, "registers kept", true, call->kept);
}

/*
 * Must come first when the witness gets to run, and in this order: with each
 * system call the CPU returns to user mode once more.
 */
static void look(enum witness w)
{
	struct tally *host = arena->host[w];
	struct host_call call, call32;
	u32 set = READ_ONCE(arena->set);
	u64 since, progress;
	u32 aux = 0, pid = 0, offset;

	if (host_has_rdtscp())
		rdtscp(&aux);
	if (host_has_rdpid())
		pid = rdpid();

	tally_step = set;
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

	check_call(&host[HOST_SYSCALL], offset, &call);
	if (arena->int80)
		check_call(&arena->int80_calls[w], offset + 1, &call32);

	host_check_tsc_aux(host, aux, pid);
}

/*
 * Only on this CPU, by a task that the VMM's thread cannot preempt: another CPU
 * asks this one with an IPI, which is answered from inside the kernel.
 */
static void look_at_msrs(enum witness w)
{
	host_check_msrs_fd(arena->cpu, arena->msr_fd,
			   &arena->host[w][HOST_MSRS]);
}

/*
 * Witnesses run as soon as they wake up; the VMM's thread is next; its children
 * run when it sleeps inside KVM_RUN, until they become witnesses. Without the
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
	host_sleep(ns);
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
 * Have the VMM's thread stop by the signal of its timer. PTRACE_INTERRUPT would
 * stop it before the guest runs again, as the caller is on the same CPU.
 */
static void trace(pid_t vmm)
{
	struct tally *host = &arena->host[TRACER][HOST_SYSCALL];
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

	tally_check(host, "CS of the VMM", host_before.syscall.cs,
		    ptrace(PTRACE_PEEKUSER, vmm,
			   offsetof(struct user, regs.cs), NULL));
	tally_check(host, "SS of the VMM", host_before.syscall.ss,
		    ptrace(PTRACE_PEEKUSER, vmm,
			   offsetof(struct user, regs.ss), NULL));
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

	host_before.syscall = arena->syscall_before;
	host_before.msrs = &arena->msrs_before - arena->cpu;

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

/*
 * Off while the VMM forks: what takes longer would start again forever. So
 * would a look, which is why KVM_RUN has an alarm that goes off once.
 */
static void set_alarm(long ns, bool repeat)
{
	struct itimerval timer = {
		.it_value.tv_usec = ns / 1000,
		.it_interval.tv_usec = repeat ? ns / 1000 : 0,
	};

	TEST_ASSERT(!setitimer(ITIMER_REAL, &timer, NULL),
		    "setitimer failed, errno: %i", errno);
}

static unsigned int interrupted;
static struct tally looks[NR_WITNESSES];

static void run_to_sync(struct kvm_vcpu *vcpu)
{
	int ret;

	do {
		set_alarm(10 * MS, false);
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
	set_alarm(0, false);
	TEST_ASSERT(!ret, "KVM_RUN failed, errno: %i", errno);

	vcpu_check_sync(vcpu);
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
	tally_check(&arena->host[CHILD_EXEC][HOST_SYSCALL], "exit status", 0,
		    status);
	return 0;
}

/* --- NMIs --- */

/* The CPU that asks for backtraces sends NMIs to the others, the guest's among them. */
static u32 backtraces;
static struct tally nmis;

static const char *nmi_skip(void)
{
	if (host_nr_cpus() < 2)
		return "only one CPU";
	if (access("/proc/sysrq-trigger", W_OK))
		return "no right to /proc/sysrq-trigger";
	return NULL;
}

static u64 read_nmis(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char *line = NULL, *count, *end;
	size_t size = 0;
	u64 sum = 0, n;

	TEST_ASSERT(file, "no access to /proc/interrupts");
	while (getline(&line, &size, file) >= 0) {
		count = strstr(line, "NMI:");
		for (count = count ? count + 4 : NULL; count; count = end) {
			n = strtoul(count, &end, 10);
			if (end == count)
				break;
			sum += n;
		}
	}
	free(line);
	fclose(file);
	return sum;
}

static void *nmi_main(void *unused)
{
	host_pin_next(arena->cpu);
	while (!READ_ONCE(arena->stop)) {
		if (READ_ONCE(backtraces) && READ_ONCE(arena->set) &&
		    READ_ONCE(arena->in_run)) {
			host_write_file("/proc/sysrq-trigger", "l");
			/* For who reads the log. */
			host_write_file("/dev/kmsg", "shared_msrs_host_test: end of backtraces\n");
			WRITE_ONCE(backtraces, 0);
		}
		host_sleep(MS);
	}
	return NULL;
}

static void run_set(struct kvm_vcpu *vcpu, u32 set)
{
	u64 before = read_nmis();
	pid_t child = 0;
	int i;

	WRITE_ONCE(arena->wanted, set);
	WRITE_ONCE(backtraces, !nmi_skip());
	for (i = 0; i < TRIES && (!seen_by_all(set) || READ_ONCE(backtraces)); i++) {
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
		run_to_sync(vcpu);
		child = reap(child, WNOHANG);
	}
	reap(child, 0);

	/* How often each witness came right after the guest. */
	tally_step = set;
	for (i = 0; i < NR_WITNESSES; i++)
		tally_check_min(&looks[i], "looks", LOOKS, arena->looks[i][set]);
	tally_check_min(&nmis, "NMIs", 1, read_nmis() - before);
}

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);

	guests_init(vm, vcpu, 1);
	vm_add_memory(vm, ARENA_SLOT, ARENA_GPA, ARENA_PAGES * PAGE_BYTES, arena);
	virt_map(vm, ARENA_GPA, ARENA_GPA, ARENA_PAGES);
	return vm;
}

static void run_cpu(int cpu)
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	pthread_t thread, nmi_thread;
	pid_t stranger;
	sigset_t alarm;
	int status;
	u32 set;

	/* What comes from here on inherits the CPU. */
	host_pin(cpu);
	arena->cpu = cpu;
	arena->msr_fd = host_open_msrs(cpu);
	memcpy(arena->msrs_before, host_before.msrs[cpu],
	       sizeof(arena->msrs_before));
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
	host_thread(&thread, thread_main, NULL);
	if (!nmi_skip())
		host_thread(&nmi_thread, nmi_main, NULL);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);

	vm = create_guest(&vcpu);
	set_priority(PRIORITY_VMM);
	for (set = 1; set < ARRAY_SIZE(sets); set++)
		run_set(vcpu, set);

	/* The tracer may be waiting for a signal. */
	WRITE_ONCE(arena->stop, true);
	set_alarm(10 * MS, true);
	while (waitpid(stranger, &status, 0) < 0 && errno == EINTR)
		;
	set_alarm(0, false);
	tally_check(&arena->host[STRANGER][HOST_SYSCALL], "exit status", 0,
		    status);
	pthread_join(thread, NULL);
	if (!nmi_skip())
		pthread_join(nmi_thread, NULL);
	kvm_vm_free(vm);
	close(arena->msr_fd);
}

static void report(enum witness w)
{
	const char *name = witness_names[w];
	int i;

	if (arena->ptrace_errno && (w == TRACER || w == VMM_STOPPED)) {
		for (i = 0; i < NR_POINTS; i++)
			tally_report_unless("no right to trace", NULL, "%s", name);
		return;
	}
	tally_report(&looks[w], "%s: runs right after the guest", name);
	tally_report_unless(arena->int80 ? NULL : "the kernel has none",
			    &arena->int80_calls[w],
			    "%s: 32-bit system calls work", name);
	report_effects(name, NULL, arena->host[w]);
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct tally effects;
	int cpu, i;

	if (argc == 3 && !strcmp(argv[1], "exec"))
		return exec_main(atoi(argv[2]));

	shared_msrs_test_init();
	arena_fd = memfd_create("arena", 0);
	TEST_ASSERT(arena_fd >= 0 &&
		    !ftruncate(arena_fd, ARENA_PAGES * PAGE_BYTES),
		    "memfd_create failed, errno: %i", errno);
	arena = mmap(NULL, ARENA_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_SHARED, arena_fd, 0);
	TEST_ASSERT(arena != MAP_FAILED, "mmap failed, errno: %i", errno);

	arena->syscall_before = host_before.syscall;
	arena->int80 = host_has_int80();
	report_plan(NR_WITNESSES * NR_POINTS + 3);

	/* Where only ancestors may trace, let the stranger. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	TEST_ASSERT(!sigaction(SIGALRM, &action, NULL),
		    "sigaction failed, errno: %i", errno);

	for_each_host_cpu(cpu)
		run_cpu(cpu);

	ksft_print_msg("%d CPUs, %lu rounds of the guest, KVM_RUN interrupted %u times\n",
		       host_nr_cpus(), arena->progress,
		       interrupted);
	for (i = 0; i < NR_WITNESSES; i++)
		report(i);
	effects = tallies_sum(arena->effects, NR_EFFECTS);
	tally_report(&effects, "guest has its values all the time");
	report_point(interrupted, "signals interrupt KVM_RUN");
	tally_report_unless(nmi_skip(), &nmis, "NMIs come while values are loaded");
	report_end();
}
