// SPDX-License-Identifier: GPL-2.0-only
/* What the tests of shared MSRs have in common: user mode of the host. */
#include "shared_msrs.h"

#include <asm/ldt.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <time.h>

/* The unistd.h of tools/arch/x86 knows few system calls. */
#ifndef SYS_getpid
#define SYS_getpid 39
#endif

#define SIGNATURE_TCG	0x54474354	/* "TCGT" */

struct host_state host_before;

static const char * const host_effect_names[NR_HOST_EFFECTS] = {
	[HOST_SYSCALL]	= "host system calls work",
	[HOST_RDTSCP]	= "host RDTSCP equals getcpu",
	[HOST_RDPID]	= "host RDPID equals getcpu",
	[HOST_MSRS]	= "host MSRs are unchanged",
};

bool is_kvm_amd(void)
{
	return !access("/sys/module/kvm_amd", F_OK);
}

bool host_param_is_on(const char *module, const char *parameter)
{
	char path[128];
	FILE *file;
	int c;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module,
		 parameter);
	file = fopen(path, "r");
	if (!file)
		return false;
	c = fgetc(file);
	fclose(file);
	return c == 'Y' || c == '1';
}

long host_kvm_stat(const char *name)
{
	char path[128];
	long count;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%s", name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &count) != 1)
		count = -1;
	fclose(file);
	return count;
}

bool host_cpu_has(u32 function, int reg, int bit)
{
	u32 gprs[4];

	asm volatile("cpuid"
		     : "=a"(gprs[0]), "=b"(gprs[1]), "=c"(gprs[2]), "=d"(gprs[3])
		     : "0"(function), "2"(0));
	return gprs[reg] & (1u << bit);
}

bool host_is_tcg(void)
{
	u32 eax, ebx, ecx, edx;

	cpuid(0x40000000, &eax, &ebx, &ecx, &edx);
	return host_cpu_has(1, 2, 31) && ebx == SIGNATURE_TCG;
}

bool host_has_rdtscp(void)
{
	return host_cpu_has(0x80000001, 3, 27);
}

bool host_has_rdpid(void)
{
	return host_cpu_has(7, 2, 22);
}

/* --- CPUs and threads --- */

int host_cpu_from(int cpu)
{
	while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &host_before.cpus))
		cpu++;
	return cpu;
}

int host_nr_cpus(void)
{
	return CPU_COUNT(&host_before.cpus);
}

const char *msr_filter_skip(void)
{
#ifdef KVM_X86_SET_MSR_FILTER
	return NULL;
#else
	return "this kernel has no MSR filter";
#endif
}

const char *other_cpu_skip(void)
{
	return host_nr_cpus() > 1 ? NULL : "there is only one";
}

const char *nested_vmx_skip(void)
{
	if (is_kvm_amd())
		return "kvm_intel is not loaded: this is about VMX";
	if (!host_param_is_on("kvm_intel", "nested"))
		return "kvm_intel has nested off";
	if (!kvm_has_cap(KVM_CAP_NESTED_STATE) || !kvm_cpu_has(X86_FEATURE_VMX))
		return "KVM offers no nested VMX";
	return NULL;
}

int host_next_cpu(int cpu)
{
	int next = host_cpu_from(cpu + 1);

	return next < CPU_SETSIZE ? next : host_cpu_from(0);
}

int host_last_cpu(void)
{
	int cpu = CPU_SETSIZE - 1;

	while (!CPU_ISSET(cpu, &host_before.cpus))
		cpu--;
	return cpu;
}

bool host_try_pin_task(pid_t tid, int cpu)
{
	cpu_set_t set;
	int ret;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ret = sched_setaffinity(tid, sizeof(set), &set);
	TEST_ASSERT(!ret || errno == EINVAL,
		    "sched_setaffinity(%d) failed, errno: %i", cpu, errno);
	return !ret;
}

bool host_is_pinned(int cpu)
{
	cpu_set_t set;

	TEST_ASSERT(!sched_getaffinity(0, sizeof(set), &set),
		    "sched_getaffinity failed, errno: %i", errno);
	return CPU_COUNT(&set) == 1 && CPU_ISSET(cpu, &set);
}

void host_pin_task(pid_t tid, int cpu)
{
	TEST_ASSERT(host_try_pin_task(tid, cpu), "CPU %d is offline", cpu);
}

int host_pin(int cpu)
{
	host_pin_task(0, cpu);
	return cpu;
}

int host_pin_next(int cpu)
{
	return host_pin(host_next_cpu(cpu));
}

int host_pin_last(void)
{
	return host_pin(host_last_cpu());
}

void host_unpin(void)
{
	TEST_ASSERT(!sched_setaffinity(0, sizeof(host_before.cpus),
				       &host_before.cpus),
		    "sched_setaffinity failed, errno: %i", errno);
}

bool host_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == strlen(text);
	close(fd);
	return ok;
}

bool host_set_fifo(int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	return !sched_setscheduler(0, SCHED_FIFO, &param);
}

void host_thread(pthread_t *thread, void *(*function)(void *), void *arg)
{
	TEST_ASSERT(!pthread_create(thread, NULL, function, arg),
		    "pthread_create failed");
}

void host_sleep(long ns)
{
	const struct timespec time = { .tv_nsec = ns };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

/* --- What user mode sees --- */

/*
 * The TSC_AUX that Linux gives user mode on this CPU: the node, and the CPU. By
 * the raw system call, since the vDSO's getcpu() itself believes TSC_AUX.
 */
int host_check_tsc_aux(struct tally tallies[NR_HOST_EFFECTS], u32 rdtscp, u32 rdpid)
{
	unsigned int cpu, node;

	TEST_ASSERT(!syscall(SYS_getcpu, &cpu, &node, NULL),
		    "getcpu failed, errno: %i", errno);
	if (host_has_rdtscp())
		tally_check(&tallies[HOST_RDTSCP], "TSC_AUX", node << 12 | cpu, rdtscp);
	if (host_has_rdpid())
		tally_check(&tallies[HOST_RDPID], "TSC_AUX", node << 12 | cpu, rdpid);
	return cpu;
}

void host_check_syscall(struct tally *tally, u64 ret, const struct host_syscall *now)
{
	const struct host_syscall *before = &host_before.syscall;

	tally_check(tally, "return value", ret, now->ret);
	tally_check(tally, "CS", before->cs, now->cs);
	tally_check(tally, "SS", before->ss, now->ss);
	tally_check(tally, "RFLAGS", before->rflags, now->rflags);
}

/* getpid() with all arithmetic flags set; SYSRET takes CS and SS from STAR. */
static void host_getpid(struct host_syscall *s)
{
	u64 flags = RFLAGS_ARITH | X86_EFLAGS_FIXED;

	/* Step over the red zone before pushing. */
	asm volatile("lea	-128(%%rsp), %%rsp\n\t"
		     "push	%[flags]\n\t"
		     "popfq\n\t"
		     "syscall\n\t"
		     "pushfq\n\t"
		     "pop	%[flags]\n\t"
		     "lea	128(%%rsp), %%rsp\n\t"
		     "mov	%%cs, %k[cs]\n\t"
		     "mov	%%ss, %k[ss]\n\t"
		     : "=a"(s->ret), [flags] "+&r"(flags),
		       [cs] "=&r"(s->cs), [ss] "=&r"(s->ss)
		     : "0"((u64)SYS_getpid)
		     : "rcx", "r11", "memory", "cc");
	s->rflags = flags;
}

int host_check(struct tally tallies[NR_HOST_EFFECTS])
{
	struct host_syscall now;
	u32 aux = 0, pid = 0;

	if (host_has_rdtscp())
		rdtscp(&aux);
	if (host_has_rdpid())
		pid = rdpid();
	host_getpid(&now);
	host_check_syscall(&tallies[HOST_SYSCALL], host_before.syscall.ret, &now);
	return host_check_tsc_aux(tallies, aux, pid);
}

/* --- The GS of user mode --- */

/* As 64-bit programs number it, and its codes. */
#define NR_ARCH_PRCTL	158
#define ARCH_SET_GS	0x1001
#define ARCH_GET_GS	0x1004

/* As 32-bit programs number them. */
#define NR_GETPID_32		20
#define NR_IOCTL_32		54
#define NR_SET_THREAD_AREA_32	243

/* Of AT_HWCAP2: user mode may use RDGSBASE and WRGSBASE. */
#define HWCAP2_FSGSBASE	BIT(1)

bool host_has_fsgsbase(void)
{
	return getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE;
}

static s32 int80(u32 nr, u32 arg)
{
	s32 ret;

	asm volatile("int $0x80" : "=a"(ret) : "0"(nr), "b"((u64)arg)
		     : "r8", "r9", "r10", "r11", "memory");
	return ret;
}

/* INT 0x80 is #GP where the kernel has no 32-bit system calls. */
bool host_has_int80(void)
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(int80(NR_GETPID_32, 0) != getpid());
	return waitpid(child, &status, 0) == child && !status;
}

const char *host_gs_segment_skip(void)
{
	if (!host_has_int80())
		return "the kernel has no system calls for 32-bit code";
	/* KVM puts back the base that the kernel keeps, which is 0 then. */
	if (!host_has_fsgsbase())
		return "without FSGSBASE the stock kernel, too, loses the base of a segment";
	return NULL;
}

/* The program has one, as there are but three. */
struct host_gs host_gs_segment(const u64 *memory)
{
	static u32 entry = -1;
	static struct user_desc desc;
	int ret;

	desc = (struct user_desc){
		.entry_number = entry,
		.base_addr = (uintptr_t)memory,
		.limit = 0xfffff,
		.seg_32bit = 1,
		.limit_in_pages = 1,
	};
	ret = int80(NR_SET_THREAD_AREA_32, (uintptr_t)&desc);
	TEST_ASSERT(!ret, "set_thread_area failed, errno: %i", -ret);
	entry = desc.entry_number;
	return (struct host_gs){
		.base = (uintptr_t)memory,
		.selector = desc.entry_number * 8 + 3,
		.own_base = true,
		.memory = memory,
	};
}

void host_set_gs(const struct host_gs *gs)
{
	asm volatile("mov %0, %%gs" : : "r"(gs->selector));
	if (gs->own_base)
		return;
	if (!host_has_fsgsbase())
		TEST_ASSERT(!syscall(NR_ARCH_PRCTL, ARCH_SET_GS, gs->base),
			    "ARCH_SET_GS failed, errno: %i", errno);
	else
		asm volatile("wrgsbase %0" : : "r"(gs->base));
}

/* Each system call puts a wrong value into more places. */
void host_check_gs(struct tally *tally, const struct host_gs *gs)
{
	u64 rdgsbase = gs->base, prctl = 0, found;
	u32 selector;

	if (host_has_fsgsbase())
		asm volatile("rdgsbase %0" : "=r"(rdgsbase) : : "memory");
	tally_check(tally, "RDGSBASE", gs->base, rdgsbase);
	/* With another base this may fault, and would explain nothing. */
	if (gs->memory && gs->base == rdgsbase) {
		asm volatile("mov %%gs:0, %0" : "=r"(found) : : "memory");
		tally_check(tally, "memory", *gs->memory, found);
	}
	TEST_ASSERT(!syscall(NR_ARCH_PRCTL, ARCH_GET_GS, &prctl),
		    "ARCH_GET_GS failed, errno: %i", errno);
	tally_check(tally, "ARCH_GET_GS", gs->base, prctl);
	asm volatile("mov %%gs, %0" : "=r"(selector));
	tally_check(tally, "selector", gs->selector, selector);
}

/* A system call of 32-bit code. host_enter_32() knows the offsets. */
struct host_32 {
	u32 nr;
	u32 args[2];
	s32 ret;
	u32 found;	/* at the base of GS */
	u32 selector;
	u64 rsp;
	u64 rbp;
	u64 stack[7];
};

static_assert(offsetof(struct host_32, rsp) == 24 &&
	      offsetof(struct host_32, rbp) == 32 &&
	      sizeof(struct host_32) == 96, "struct host_32");

/* Below 4 GB, as all of the program is. */
struct host_32 host_32;

/* Selectors of Linux: 32-bit code, 64-bit code, data. */
static void host_enter_32(void)
{
	asm volatile("mov	%%rsp, host_32+24\n\t"
		     "mov	%%rbp, host_32+32\n\t"
		     "mov	$host_32+96, %%esp\n\t"
		     "pushq	$0x23\n\t"
		     "pushq	$1f\n\t"
		     "lretq\n\t"
		     ".code32\n"
		     "1:\n\t"
		     "mov	$0x2b, %%eax\n\t"
		     "mov	%%eax, %%ds\n\t"
		     "mov	%%eax, %%es\n\t"
		     "mov	host_32, %%eax\n\t"
		     "mov	host_32+4, %%ebx\n\t"
		     "mov	host_32+8, %%ecx\n\t"
		     "xor	%%edx, %%edx\n\t"
		     "int	$0x80\n\t"
		     "mov	%%eax, host_32+12\n\t"
		     "mov	%%gs:0, %%eax\n\t"
		     "mov	%%eax, host_32+16\n\t"
		     "mov	%%gs, %%eax\n\t"
		     "mov	%%eax, host_32+20\n\t"
		     "xor	%%eax, %%eax\n\t"
		     "mov	%%eax, %%ds\n\t"
		     "mov	%%eax, %%es\n\t"
		     "ljmp	$0x33, $2f\n\t"
		     ".code64\n"
		     "2:\n\t"
		     "mov	host_32+24, %%rsp\n\t"
		     "mov	host_32+32, %%rbp\n\t"
		     ::: "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
		     "r11", "r12", "r13", "r14", "r15", "memory", "cc");
}

static int run_by_32(struct kvm_vcpu *vcpu, const struct host_gs *gs,
		     struct tally *tally)
{
	host_32.nr = NR_IOCTL_32;
	host_32.args[0] = vcpu->fd;
	host_32.args[1] = KVM_RUN;
	host_enter_32();
	tally_check(tally, "memory as 32-bit code sees it", (u32)*gs->memory,
		    host_32.found);
	tally_check(tally, "selector in 32-bit code", gs->selector, host_32.selector);
	errno = host_32.ret < 0 ? -host_32.ret : 0;
	return host_32.ret < 0 ? -1 : host_32.ret;
}

int host_run_with_gs(struct kvm_vcpu *vcpu, const struct host_gs *gs,
		     struct tally *tally)
{
	int r, error;

	host_set_gs(gs);
	r = gs->own_base ? run_by_32(vcpu, gs, tally) : __vcpu_run(vcpu);
	error = errno;
	host_check_gs(tally, gs);
	errno = error;
	return r;
}

/* --- What the msr driver reads --- */

int host_open_msrs(int cpu)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	return open(path, O_RDONLY);
}

static bool host_rdmsr(int fd, enum shared_msr msr, u64 *value)
{
	bool ok = pread(fd, value, sizeof(*value), shared_msrs[msr].index) ==
		  sizeof(*value);

	/* kvm_amd sets it while there are VMs. */
	if (ok && msr == SHARED_EFER)
		*value &= ~EFER_SVME;
	return ok;
}

bool host_read_msr(int cpu, enum shared_msr msr, u64 *value)
{
	int fd = host_open_msrs(cpu);
	bool ok = host_rdmsr(fd, msr, value);

	close(fd);
	return ok;
}

/* As the kernel shows it: "fred" goes from here if it is not in use. */
static bool host_runs_fred(void)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char *line = NULL;
	bool found = false;
	size_t size = 0;

	TEST_ASSERT(file, "no access to /proc/cpuinfo");
	while (!found && getline(&line, &size, file) >= 0)
		found = !strncmp(line, "flags", 5) && strstr(line, " fred");
	free(line);
	fclose(file);
	return found;
}

/* With FRED user mode does not use these, and they may stay the guest's. */
static bool host_uses(enum shared_msr msr)
{
	return !host_before.fred ||
	       (msr != SHARED_LSTAR && msr != SHARED_CSTAR &&
		msr != SHARED_SYSCALL_MASK);
}

void host_check_msrs_fd(int cpu, int fd, struct tally *tally)
{
	const struct host_msr *before = host_before.msrs[cpu];
	u64 value;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!before[i].has || !host_uses(i))
			continue;
		if (!host_rdmsr(fd, i, &value))
			value = ~before[i].value;
		tally_check(tally, shared_msrs[i].name, before[i].value, value);
	}
}

void host_check_msrs(int cpu, struct tally *tally)
{
	int fd = host_open_msrs(cpu);

	host_check_msrs_fd(cpu, fd, tally);
	close(fd);
}

/* --- Begin and end of a test --- */

static void host_look(int cpu)
{
	struct tally tallies[NR_HOST_EFFECTS] = {};
	struct host_msr *msrs = host_before.msrs[cpu];
	int i, fd;

	host_pin(cpu);
	host_check(tallies);
	TEST_ASSERT(!tallies[HOST_RDTSCP].failures &&
		    !tallies[HOST_RDPID].failures,
		    "TSC_AUX is not the CPU's number before any guest ran");

	fd = host_open_msrs(cpu);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		msrs[i].has = host_rdmsr(fd, i, &msrs[i].value);
		if (msrs[i].has)
			host_before.skip_msrs = NULL;
	}
	close(fd);
}

void shared_msrs_test_init(void)
{
	cpu_set_t *cpus = &host_before.cpus;
	int cpu;

	/* Keep what was printed, should the host not survive. */
	setbuf(stdout, NULL);
	ksft_print_header();
	if (access("/dev/kvm", R_OK | W_OK))
		ksft_exit_skip("no access to /dev/kvm\n");
	/* Others, as PVM, run guests in ring 3, where SYSCALL is another thing. */
	if (access("/sys/module/kvm_intel", F_OK) &&
	    access("/sys/module/kvm_amd", F_OK))
		ksft_exit_skip("neither kvm_intel nor kvm_amd is loaded\n");

	TEST_ASSERT(!sched_getaffinity(0, sizeof(*cpus), cpus),
		    "sched_getaffinity failed, errno: %i", errno);
	host_before.msrs = calloc(CPU_SETSIZE, sizeof(*host_before.msrs));
	TEST_ASSERT(host_before.msrs, "no memory");
	host_before.fred = host_runs_fred();
	host_before.skip_msrs = "no access to /dev/cpu/*/msr";
	host_getpid(&host_before.syscall);
	TEST_ASSERT((host_before.syscall.rflags & (RFLAGS_ARITH | RFLAGS_DF)) ==
		    RFLAGS_ARITH,
		    "RFLAGS %#lx after getpid", host_before.syscall.rflags);

	for_each_host_cpu(cpu)
		host_look(cpu);
	host_unpin();
}

static const char *host_effect_skip(enum host_effect effect)
{
	if (effect == HOST_RDTSCP && !host_has_rdtscp())
		return "CPU has no RDTSCP";
	if (effect == HOST_RDPID && !host_has_rdpid())
		return "CPU has no RDPID";
	if (effect == HOST_MSRS)
		return host_before.skip_msrs;
	return NULL;
}

void report_effects(const char *name, const struct tally guest[NR_EFFECTS],
		    const struct tally host[NR_HOST_EFFECTS])
{
	int i;

	for (i = 0; guest && i < NR_EFFECTS; i++)
		tally_report_unless(effect_skip(i), &guest[i], "%s: %s", name,
				    effect_names[i]);
	for (i = 0; host && i < NR_HOST_EFFECTS; i++)
		tally_report_unless(host_effect_skip(i), &host[i], "%s: %s", name,
				    host_effect_names[i]);
}
