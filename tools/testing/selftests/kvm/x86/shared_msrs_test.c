// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared MSRs hold the guest's values after every kind of exit, and the host's
 * whenever KVM_RUN has returned.
 *
 * Each step gives every MSR a value not used before (by WRMSR in the guest or by
 * KVM_SET_MSRS), causes one kind of exit, and looks at the effect of the values.
 * The guest then changes them all while they are loaded, clears EFER.SCE, and
 * changes them once more before it sets EFER.SCE again, looking at the effect
 * after another such exit each time.  The steps run on each CPU, and on two CPUs
 * or more once again with the thread moved after every KVM_RUN.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "kvm_util.h"
#include "processor.h"
#include "shared_msrs.h"

#define FRESH_GPA	0xc0000000ULL
#define FRESH_SLOT	10
#define MMIO_GPA	0xd0000000ULL
#define PIO_PORT	0x5000
#define TIMER_VECTOR	0x40

/* x2APIC registers are MSRs. */
#define X2APIC_EOI	0x80b
#define X2APIC_SPIV	0x80f
#define X2APIC_LVTT	0x832
#define X2APIC_TMICT	0x838
#define X2APIC_TDCR	0x83e
#define APICBASE_X2APIC	BIT_ULL(10)

#define PAGE_BYTES	4096

/* The guest causes its exit once in each phase of a step. */
enum phase {
	PHASE_SET,		/* values set at the beginning of the step */
	PHASE_REWRITTEN,	/* changed by WRMSR while loaded */
	PHASE_SCE_CLEAR,	/* the same values, EFER.SCE clear */
	PHASE_SCE_SET,		/* changed, then EFER.SCE set */
	NR_PHASES
};

/* What a phase adds to the number of its step's values. */
static const u32 phase_values[NR_PHASES] = { 0, 1, 1, 2 };
#define STEP_VALUES	3

enum exit_kind {
	EXIT_WRMSR,
	EXIT_CPUID,
	EXIT_EMULATED_RDMSR,
	EXIT_EMULATED_WRMSR,
	EXIT_FAULT,
	EXIT_HLT,
	EXIT_PIO,
	EXIT_MMIO,
	NR_EXITS
};

static const char * const exit_names[NR_EXITS] = {
	[EXIT_WRMSR]		= "WRMSR of the MSRs",
	[EXIT_CPUID]		= "CPUID",
	[EXIT_EMULATED_RDMSR]	= "RDMSR of an emulated MSR",
	[EXIT_EMULATED_WRMSR]	= "WRMSR of an emulated MSR",
	[EXIT_FAULT]		= "EPT or NPT fault",
	[EXIT_HLT]		= "HLT with a timer",
	[EXIT_PIO]		= "PIO",
	[EXIT_MMIO]		= "MMIO",
};

enum effect {
	EFFECT_EXIT,
	EFFECT_STAR,
	EFFECT_LSTAR,
	EFFECT_SYSCALL_MASK,
	EFFECT_SYSCALL_REGS,
	EFFECT_EFER_SCE,
	EFFECT_RDTSCP,
	EFFECT_RDPID,
	EFFECT_TSX_CTRL,
	EFFECT_RDMSR,
	EFFECT_GET_MSRS,
	EFFECT_HOST_RDTSCP,
	EFFECT_HOST_RDPID,
	EFFECT_HOST_SYSCALL,
	EFFECT_HOST_MSRS,
	NR_EFFECTS
};

static const char * const effect_names[NR_EFFECTS] = {
	[EFFECT_EXIT]		= "the exit happens",
	[EFFECT_STAR]		= "SYSCALL takes CS and SS from STAR",
	[EFFECT_LSTAR]		= "SYSCALL lands at LSTAR",
	[EFFECT_SYSCALL_MASK]	= "SYSCALL applies SYSCALL_MASK",
	[EFFECT_SYSCALL_REGS]	= "SYSCALL saves RIP and RFLAGS",
	[EFFECT_EFER_SCE]	= "SYSCALL is #UD with EFER.SCE clear",
	[EFFECT_RDTSCP]		= "RDTSCP returns TSC_AUX",
	[EFFECT_RDPID]		= "RDPID returns TSC_AUX",
	[EFFECT_TSX_CTRL]	= "TSX_CTRL disables RTM",
	[EFFECT_RDMSR]		= "RDMSR agrees",
	[EFFECT_GET_MSRS]	= "KVM_GET_MSRS agrees",
	[EFFECT_HOST_RDTSCP]	= "host RDTSCP equals getcpu",
	[EFFECT_HOST_RDPID]	= "host RDPID equals getcpu",
	[EFFECT_HOST_SYSCALL]	= "host system calls work",
	[EFFECT_HOST_MSRS]	= "host MSRs are unchanged",
};

/* Written by the host before a step. */
static struct step {
	u32 kind;
	u32 n;			/* of the values */
	bool set_by_host;
} step;

struct observation {
	struct landing syscall;
	u64 proof;			/* that the exit happened */
	u64 rdtscp;
	u64 rdpid;
	u64 transactions;
	u64 msrs[NR_SHARED_MSRS];
};

/* Written by the guest in a step. */
static struct result {
	u32 n;
	struct observation seen[NR_PHASES];
} result;

/* What this guest has; guest and host both look. */
static struct config {
	bool msr[NR_SHARED_MSRS];
	bool rdtscp;
	bool rdpid;
	u64 efer;
} config;

/* --- What guest and host both compute --- */

/* Values differ from step to step, and from what the library and host use. */
static u64 msr_value(enum shared_msr msr, u32 n)
{
	u64 selector = 0x100 + n % 64 * 0x20;
	u64 mask = 0;
	u32 bits = n * 37 + 0x5b;
	int i;

	switch (msr) {
	case SHARED_STAR:
		return (selector + 0x803) << 48 | selector << 32 | n;
	case SHARED_LSTAR:
		return (uintptr_t)(n & 1 ? guest_landing_b : guest_landing_a);
	case SHARED_CSTAR:
		return 0x7f0000000000ULL + n * 16;
	case SHARED_SYSCALL_MASK:
		for (i = 0; i < 32; i++) {
			if (!(RFLAGS_MASKABLE & BIT_ULL(i)))
				continue;
			if (bits & 1)
				mask |= BIT_ULL(i);
			bits >>= 1;
		}
		return mask;
	case SHARED_EFER:
		return config.efer;
	case SHARED_TSC_AUX:
		return 0x5a000000 | n;
	case SHARED_TSX_CTRL:
		return n & 1 ? TSX_CTRL_RTM_DISABLE : 0;
	default:
		return 0;
	}
}

/* What only KVM or the host can have answered. */
static u64 magic(u32 n, enum phase phase)
{
	return 0x4d000000 | (n & 0xffff) << 4 | phase;
}

#define BRAND_MAGIC	0x72616873	/* "shar" */

/* --- Guest --- */

static u64 timer_rip;

static void guest_timer(struct ex_regs *regs)
{
	WRITE_ONCE(timer_rip, regs->rip);
	wrmsr(X2APIC_EOI, 0);
}

static void guest_timer_init(void)
{
	wrmsr(MSR_IA32_APICBASE, rdmsr(MSR_IA32_APICBASE) | APICBASE_X2APIC);
	wrmsr(X2APIC_SPIV, 0x1ff);
	wrmsr(X2APIC_TDCR, 0xb);
	wrmsr(X2APIC_LVTT, TIMER_VECTOR);
}

/* Cause one exit and return the proof that it happened. */
static u64 guest_exit(enum phase phase)
{
	u64 *fresh = (u64 *)(FRESH_GPA + phase * PAGE_BYTES);
	u32 *mmio = (u32 *)MMIO_GPA;
	u32 eax, ebx, ecx, edx;
	u64 proof;

	switch (step.kind) {
	case EXIT_CPUID:
		cpuid(0x80000002, &eax, &ebx, &ecx, &edx);
		return eax;
	case EXIT_EMULATED_RDMSR:
		return rdmsr(MSR_IA32_UCODE_REV);
	case EXIT_EMULATED_WRMSR:
		wrmsr(MSR_IA32_MC0_ADDR, magic(step.n, phase));
		return rdmsr(MSR_IA32_MC0_ADDR);
	case EXIT_FAULT:
		/* The host dropped the page: what was written is gone. */
		proof = READ_ONCE(*fresh);
		WRITE_ONCE(*fresh, magic(step.n, phase));
		return proof;
	case EXIT_HLT:
		WRITE_ONCE(timer_rip, 0);
		/* 1 ms, long enough for the vCPU's thread to sleep. */
		wrmsr(X2APIC_TMICT, 1000000);
		guest_halt();
		return READ_ONCE(timer_rip);
	case EXIT_PIO:
		outl(PIO_PORT, magic(step.n, phase));
		return inw(PIO_PORT);
	case EXIT_MMIO:
		WRITE_ONCE(*mmio, magic(step.n, phase));
		return READ_ONCE(*mmio);
	default:
		return 0;
	}
}

/* Not EFER: KVM may load all MSRs anew for that, and hide a WRMSR that it lost. */
static void guest_set_msrs(u32 n)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (config.msr[i] && i != SHARED_EFER)
			wrmsr(shared_msrs[i].index, msr_value(i, n));
	}
}

/* How many transactions get to run; none while RTM is disabled. */
static u64 guest_transactions(void)
{
	u64 count = 0;
	u32 ran;
	int i;

	for (i = 0; i < 100; i++) {
		asm volatile("xor	%k[ran], %k[ran]\n\t"
			     "xbegin	1f\n\t"
			     "xend\n\t"
			     "inc	%k[ran]\n\t"
			     "1:\n\t"
			     : [ran] "=&r"(ran) : : "rax", "memory", "cc");
		count += ran;
	}
	return count;
}

static void guest_tsc_aux(struct observation *seen)
{
	u32 aux;

	if (config.rdtscp) {
		rdtscp(&aux);
		seen->rdtscp = aux;
	}
	if (config.rdpid)
		seen->rdpid = rdpid();
}

static void guest_observe(struct observation *seen, u32 n)
{
	int i;

	/* Effects come first and in either order: RDMSR is an exit. */
	if (n & 2)
		guest_tsc_aux(seen);
	guest_syscall(&seen->syscall, RFLAGS_MASKABLE | X86_EFLAGS_FIXED);
	if (!(n & 2))
		guest_tsc_aux(seen);
	if (config.msr[SHARED_TSX_CTRL])
		seen->transactions = guest_transactions();

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (config.msr[i])
			seen->msrs[i] = rdmsr(shared_msrs[i].index);
	}
}

static void guest_code(void)
{
	int i;

	guest_timer_init();
	wrmsr(MSR_EFER, config.efer);

	for (;;) {
		GUEST_SYNC(step.n);

		for (i = 0; i < NR_PHASES; i++) {
			struct observation *seen = &result.seen[i];
			u32 n = step.n + phase_values[i];

			if (i == PHASE_SCE_CLEAR)
				wrmsr(MSR_EFER, config.efer & ~EFER_SCE);
			else if (i != PHASE_SET || !step.set_by_host)
				guest_set_msrs(n);
			if (i == PHASE_SCE_SET)
				wrmsr(MSR_EFER, config.efer);

			seen->proof = guest_exit(i);
			guest_observe(seen, n);
		}
		result.n = step.n;
	}
}

/* --- Host --- */

/* A test point, judged by all the steps that touch it. */
static struct point {
	unsigned int checks;
	unsigned int failures;
	char first[256];
} points[NR_EXITS][NR_EFFECTS];

/* Why an effect cannot be seen here. */
static const char *skip_reason[NR_EFFECTS];

static int this_cpu;
static struct host_syscall host_before;

/* By CPU: what the msr driver read before the first KVM_RUN. */
static struct host_msrs {
	bool has[NR_SHARED_MSRS];
	u64 value[NR_SHARED_MSRS];
} host_msrs[CPU_SETSIZE];

static void check(enum effect effect, const char *what, u64 expected,
		  u64 actual)
{
	struct point *point = &points[step.kind][effect];

	point->checks++;
	if (expected == actual || point->failures++)
		return;

	snprintf(point->first, sizeof(point->first),
		 "%s: expected %#lx, actual %#lx (CPU %d, step %u, set by %s)",
		 what, expected, actual, this_cpu, step.n,
		 step.set_by_host ? "host" : "guest");
}

/* Called whenever KVM_RUN has returned, on the CPU where it ran. */
static void check_host(void)
{
	struct host_syscall now;
	u64 value;
	u32 aux;
	int i;

	/* Before any system call but KVM_RUN's own return. */
	host_gettid(&now);
	check(EFFECT_HOST_SYSCALL, "gettid", host_before.ret, now.ret);
	check(EFFECT_HOST_SYSCALL, "CS", host_before.cs, now.cs);
	check(EFFECT_HOST_SYSCALL, "SS", host_before.ss, now.ss);
	check(EFFECT_HOST_SYSCALL, "RFLAGS", host_before.rflags, now.rflags);

	if (!skip_reason[EFFECT_HOST_RDTSCP]) {
		rdtscp(&aux);
		check(EFFECT_HOST_RDTSCP, "TSC_AUX", host_expected_tsc_aux(),
		      aux);
	}
	if (!skip_reason[EFFECT_HOST_RDPID])
		check(EFFECT_HOST_RDPID, "TSC_AUX", host_expected_tsc_aux(),
		      rdpid());

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!host_msrs[this_cpu].has[i])
			continue;
		if (!host_rdmsr(this_cpu, i, &value))
			value = ~host_msrs[this_cpu].value[i];
		check(EFFECT_HOST_MSRS, shared_msrs[i].name,
		      host_msrs[this_cpu].value[i], value);
	}
}

static void check_landing(u32 n, const struct landing *landing)
{
	u64 rflags = RFLAGS_MASKABLE | X86_EFLAGS_FIXED;
	u64 selector = msr_value(SHARED_STAR, n) >> 32 & 0xffff;
	u64 mask = msr_value(SHARED_SYSCALL_MASK, n);

	check(EFFECT_LSTAR, "RIP", msr_value(SHARED_LSTAR, n), landing->rip);
	check(EFFECT_LSTAR, "exception vector", NO_VECTOR, landing->vector);
	check(EFFECT_STAR, "CS", selector, landing->cs);
	if (landing->vector == NO_VECTOR)
		check(EFFECT_STAR, "SS", selector + 8, landing->ss);
	check(EFFECT_SYSCALL_MASK, "RFLAGS", rflags & ~mask, landing->rflags);
	check(EFFECT_SYSCALL_REGS, "RCX", (uintptr_t)guest_syscall_next,
	      landing->rcx);
	check(EFFECT_SYSCALL_REGS, "R11", rflags, landing->r11);
}

static void check_sce_clear(const struct landing *landing)
{
	check(EFFECT_EFER_SCE, "exception vector", 6, landing->vector);
	check(EFFECT_EFER_SCE, "RIP", (uintptr_t)guest_syscall_insn,
	      landing->rip);
}

static void check_exit(enum phase phase, u64 proof)
{
	u64 expected;

	switch (step.kind) {
	case EXIT_CPUID:
		expected = BRAND_MAGIC;
		break;
	case EXIT_EMULATED_RDMSR:
		expected = magic(step.n, PHASE_SET);
		break;
	case EXIT_HLT:
		expected = (uintptr_t)guest_halted;
		break;
	case EXIT_PIO:
		expected = magic(step.n, phase) & 0xffff;
		break;
	case EXIT_EMULATED_WRMSR:
	case EXIT_MMIO:
		expected = magic(step.n, phase);
		break;
	default:
		expected = 0;
		break;
	}
	check(EFFECT_EXIT, "proof", expected, proof);
}

static void check_phase(enum phase phase)
{
	const struct observation *seen = &result.seen[phase];
	bool sce_clear = phase == PHASE_SCE_CLEAR;
	u32 n = step.n + phase_values[phase];
	int i;

	check_exit(phase, seen->proof);

	if (sce_clear)
		check_sce_clear(&seen->syscall);
	else
		check_landing(n, &seen->syscall);

	if (config.rdtscp)
		check(EFFECT_RDTSCP, "TSC_AUX", msr_value(SHARED_TSC_AUX, n),
		      seen->rdtscp);
	if (config.rdpid)
		check(EFFECT_RDPID, "TSC_AUX", msr_value(SHARED_TSC_AUX, n),
		      seen->rdpid);

	/* A transaction may abort at any time: only "none" is certain. */
	if (msr_value(SHARED_TSX_CTRL, n) && config.msr[SHARED_TSX_CTRL])
		check(EFFECT_TSX_CTRL, "transactions", 0, seen->transactions);

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		u64 value = msr_value(i, n);

		if (!config.msr[i])
			continue;
		if (i == SHARED_EFER && sce_clear)
			value &= ~EFER_SCE;
		check(EFFECT_RDMSR, shared_msrs[i].name, value, seen->msrs[i]);
	}
}

static void next_cpu(const cpu_set_t *cpus)
{
	do {
		this_cpu = (this_cpu + 1) % CPU_SETSIZE;
	} while (!CPU_ISSET(this_cpu, cpus));
	host_pin(this_cpu);
}

/*
 * Run the guest to its next GUEST_SYNC, checking the host after every KVM_RUN
 * and, with @cpus, moving to the next CPU then.
 */
static void run_to_sync(struct kvm_vcpu *vcpu, const cpu_set_t *cpus)
{
	struct kvm_run *run = vcpu->run;
	unsigned int accesses = 0;
	struct ucall uc;
	u32 value;

	for (;;) {
		vcpu_run(vcpu);
		check_host();
		if (cpus)
			next_cpu(cpus);

		/* The write and the read of each phase, in turn. */
		value = magic(step.n, accesses / 2);
		if (run->exit_reason == KVM_EXIT_IO &&
		    run->io.port == PIO_PORT) {
			void *data = (void *)run + run->io.data_offset;

			check(EFFECT_EXIT, "PIO direction",
			      accesses % 2 ? KVM_EXIT_IO_IN : KVM_EXIT_IO_OUT,
			      run->io.direction);
			if (accesses % 2)
				memcpy(data, &value, 2);
			else
				check(EFFECT_EXIT, "PIO data", value,
				      *(u32 *)data);
			accesses++;
			continue;
		}
		if (run->exit_reason == KVM_EXIT_MMIO) {
			check(EFFECT_EXIT, "MMIO address", MMIO_GPA,
			      run->mmio.phys_addr);
			check(EFFECT_EXIT, "MMIO direction", !(accesses % 2),
			      run->mmio.is_write);
			if (accesses % 2)
				memcpy(run->mmio.data, &value, sizeof(value));
			else
				check(EFFECT_EXIT, "MMIO data", value,
				      *(u32 *)run->mmio.data);
			accesses++;
			continue;
		}
		break;
	}

	if (get_ucall(vcpu, &uc) != UCALL_SYNC)
		ksft_exit_fail_msg("%s: unexpected exit %u (%s)\n",
				   exit_names[step.kind], run->exit_reason,
				   exit_reason_str(run->exit_reason));
	if (uc.args[1] == STAGE_EXCEPTION)
		ksft_exit_fail_msg("%s: guest exception %lu at %#lx, error code %#lx\n",
				   exit_names[step.kind], uc.args[2],
				   uc.args[3], uc.args[4]);
	/* KVM_RUN completed the port access of the ucall. */
	check_host();

	if (step.kind == EXIT_PIO || step.kind == EXIT_MMIO)
		check(EFFECT_EXIT, "exits to user mode", 2 * NR_PHASES,
		      accesses);
}

static void run_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
		     enum exit_kind kind, bool set_by_host,
		     const cpu_set_t *cpus)
{
	void *fresh = addr_gpa2hva(vm, FRESH_GPA);
	int i;

	step.kind = kind;
	step.set_by_host = set_by_host;
	step.n += STEP_VALUES;
	sync_global_to_guest(vm, step);

	if (set_by_host) {
		for (i = 0; i < NR_SHARED_MSRS; i++) {
			if (config.msr[i] && i != SHARED_EFER)
				vcpu_set_msr(vcpu, shared_msrs[i].index,
					     msr_value(i, step.n));
		}
	}
	vcpu_set_msr(vcpu, MSR_IA32_UCODE_REV, magic(step.n, PHASE_SET));
	TEST_ASSERT(!madvise(fresh, NR_PHASES * PAGE_BYTES, MADV_DONTNEED),
		    "madvise failed, errno: %i", errno);

	run_to_sync(vcpu, cpus);

	sync_global_from_guest(vm, result);
	check(EFFECT_EXIT, "step done by the guest", step.n, result.n);
	for (i = 0; i < NR_PHASES; i++)
		check_phase(i);

	/* As the guest left them. */
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (config.msr[i])
			check(EFFECT_GET_MSRS, shared_msrs[i].name,
			      msr_value(i, step.n + phase_values[NR_PHASES - 1]),
			      vcpu_get_msr(vcpu, shared_msrs[i].index));
	}
	if (kind == EXIT_EMULATED_WRMSR)
		check(EFFECT_EXIT, "MC0_ADDR", magic(step.n, NR_PHASES - 1),
		      vcpu_get_msr(vcpu, MSR_IA32_MC0_ADDR));
	if (kind == EXIT_FAULT) {
		for (i = 0; i < NR_PHASES; i++)
			check(EFFECT_EXIT, "written page", magic(step.n, i),
			      *(u64 *)(fresh + i * PAGE_BYTES));
	}
}

static void run_all_steps(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
			  const cpu_set_t *cpus)
{
	int kind;

	for (kind = 0; kind < NR_EXITS; kind++) {
		run_step(vm, vcpu, kind, false, cpus);
		run_step(vm, vcpu, kind, true, cpus);
	}
}

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu)
{
	struct kvm_sregs sregs;
	struct kvm_vm *vm;
	int i;

	vm = vm_create_with_one_vcpu(vcpu, guest_code);

	vcpu_get_cpuid_entry(*vcpu, 0x80000002)->eax = BRAND_MAGIC;
	vcpu_set_cpuid(*vcpu);

	vm_init_descriptor_tables(vm);
	vcpu_init_descriptor_tables(*vcpu);
	vm_install_syscall_fault_handlers(vm);
	vm_install_exception_handler(vm, TIMER_VECTOR, guest_timer);

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, FRESH_GPA,
				    FRESH_SLOT, NR_PHASES, 0);
	virt_map(vm, FRESH_GPA, FRESH_GPA, NR_PHASES);
	virt_map(vm, MMIO_GPA, MMIO_GPA, 1);

	vcpu_sregs_get(*vcpu, &sregs);
	config.efer = sregs.efer | EFER_SCE;
	config.rdtscp = kvm_cpu_has(X86_FEATURE_RDTSCP);
	config.rdpid = kvm_cpu_has(X86_FEATURE_RDPID);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		config.msr[i] = true;
	config.msr[SHARED_TSC_AUX] = config.rdtscp || config.rdpid;
	config.msr[SHARED_TSX_CTRL] = kvm_cpu_has(X86_FEATURE_RTM) &&
		_vcpu_set_msr(*vcpu, MSR_IA32_TSX_CTRL, 0) == 1;
	sync_global_to_guest(vm, config);

	return vm;
}

/* What the host is like before any guest has run. */
static void look_at_host(const cpu_set_t *cpus)
{
	bool any = false;
	u32 aux;
	int cpu, i;

	host_gettid(&host_before);
	TEST_ASSERT((host_before.rflags & RFLAGS_ARITH) == RFLAGS_ARITH &&
		    !(host_before.rflags & RFLAGS_DF),
		    "RFLAGS %#lx after gettid", host_before.rflags);

	if (!host_has_rdtscp())
		skip_reason[EFFECT_HOST_RDTSCP] = "CPU has no RDTSCP";
	if (!host_has_rdpid())
		skip_reason[EFFECT_HOST_RDPID] = "CPU has no RDPID";

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		host_pin(cpu);
		if (host_has_rdtscp()) {
			rdtscp(&aux);
			TEST_ASSERT(aux == host_expected_tsc_aux(),
				    "TSC_AUX %#x before any guest ran", aux);
		}
		for (i = 0; i < NR_SHARED_MSRS; i++) {
			host_msrs[cpu].has[i] =
				host_rdmsr(cpu, i, &host_msrs[cpu].value[i]);
			any |= host_msrs[cpu].has[i];
		}
	}
	if (!any)
		skip_reason[EFFECT_HOST_MSRS] = "no access to /dev/cpu/*/msr";
}

static bool report(void)
{
	bool pass = true;
	int plan = 0;
	int kind, i;

	for (i = 0; i < NR_EFFECTS; i++)
		plan += skip_reason[i] ? 1 : NR_EXITS;
	ksft_set_plan(plan);

	for (i = 0; i < NR_EFFECTS; i++) {
		if (skip_reason[i]) {
			ksft_test_result_skip("%s: %s\n", effect_names[i],
					      skip_reason[i]);
			continue;
		}
		for (kind = 0; kind < NR_EXITS; kind++) {
			struct point *point = &points[kind][i];
			bool ok = point->checks && !point->failures;

			if (point->failures)
				ksft_print_msg("%s; %u of %u checks failed\n",
					       point->first, point->failures,
					       point->checks);
			else if (!point->checks)
				ksft_print_msg("never checked\n");
			ksft_test_result(ok, "%s: %s\n", exit_names[kind],
					 effect_names[i]);
			pass &= ok;
		}
	}
	return pass;
}

int main(int argc, char *argv[])
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	cpu_set_t cpus;
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

	TEST_ASSERT(!sched_getaffinity(0, sizeof(cpus), &cpus),
		    "sched_getaffinity failed, errno: %i", errno);
	look_at_host(&cpus);

	vm = create_guest(&vcpu);
	if (!config.rdtscp)
		skip_reason[EFFECT_RDTSCP] = "KVM offers no RDTSCP";
	if (!config.rdpid)
		skip_reason[EFFECT_RDPID] = "KVM offers no RDPID";
	if (!config.msr[SHARED_TSX_CTRL])
		skip_reason[EFFECT_TSX_CTRL] = "KVM offers no TSX_CTRL";

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	next_cpu(&cpus);
	run_to_sync(vcpu, NULL);

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &cpus))
			continue;
		this_cpu = cpu;
		host_pin(cpu);
		run_all_steps(vm, vcpu, NULL);
	}
	if (CPU_COUNT(&cpus) > 1)
		run_all_steps(vm, vcpu, &cpus);
	ksft_print_msg("%d CPUs, %u steps\n", CPU_COUNT(&cpus), step.n / STEP_VALUES);

	kvm_vm_free(vm);
	ksft_exit(report());
}
