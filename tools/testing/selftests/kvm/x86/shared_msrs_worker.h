/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that never stops using shared MSRs: it changes them, causes exits at
 * random, and looks at the effect of the values after each.  Every vCPU has
 * values that no other vCPU has.
 *
 * The guest judges by itself, so that it can go on without leaving KVM_RUN.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_WORKER_H
#define SELFTEST_KVM_SHARED_MSRS_WORKER_H

#include "shared_msrs.h"

#define MAX_WORKERS		16
#define WORKERS_PER_VM	2

#define WORKER_PORT		0x5000
#define WORKER_MMIO		0xd0000000ULL
/* Where SYSCALL lands: the code of shared_msrs.h, mapped once for each value. */
#define WORKER_LANDINGS	0xc0000000ULL

#define WORKER_PAGE		4096ULL

/* How often something was looked at, and the first time it was wrong. */
struct tally {
	u64 checks;
	u64 failures;
	u64 expected;
	u64 actual;
};

/* What a worker looks at. */
enum worker_effect {
	WORKER_EXIT,
	WORKER_STAR,
	WORKER_LSTAR,
	WORKER_SYSCALL_MASK,
	WORKER_EFER_SCE,
	WORKER_RDTSCP,
	WORKER_RDPID,
	NR_WORKER_EFFECTS
};

static const char * const worker_effect_names[NR_WORKER_EFFECTS] = {
	[WORKER_EXIT]		= "each exit happens",
	[WORKER_STAR]		= "SYSCALL takes CS and SS from STAR",
	[WORKER_LSTAR]		= "SYSCALL lands at LSTAR",
	[WORKER_SYSCALL_MASK]	= "SYSCALL applies SYSCALL_MASK",
	[WORKER_EFER_SCE]	= "SYSCALL is #UD with EFER.SCE clear",
	[WORKER_RDTSCP]		= "RDTSCP returns TSC_AUX",
	[WORKER_RDPID]		= "RDPID returns TSC_AUX",
};

/* One for each vCPU, in guest memory.  In a page, as the host maps no more. */
struct worker {
	/* Written by the host. */
	u32 index;		/* among all vCPUs of the test */
	u32 random;
	bool has_rdtscp;
	bool has_rdpid;
	bool user_exits;	/* PIO and MMIO, too */
	bool stop;
	/* Written by the guest. */
	u32 n;			/* of the values */
	u64 exits;		/* in all */
	u64 nr_user_exits;
	struct tally tallies[NR_WORKER_EFFECTS];
} __aligned(4096);

static struct worker guest_workers[WORKERS_PER_VM];

/* --- Both --- */

static inline void tally_check(struct tally *tally, u64 expected, u64 actual)
{
	WRITE_ONCE(tally->checks, tally->checks + 1);
	if (expected == actual || tally->failures++)
		return;

	tally->expected = expected;
	tally->actual = actual;
}

/* Never 0, if @state was not; the guest has no library to ask. */
static inline u32 next_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Two sets of landings for each worker; two places in each. */
static inline u64 worker_landing(u32 index, u32 n)
{
	u64 page = (uintptr_t)guest_landing_a & -WORKER_PAGE;
	u64 offset = (uintptr_t)(n & 2 ? guest_landing_b : guest_landing_a) - page;

	return WORKER_LANDINGS + (index * 2 + n % 2) * 2 * WORKER_PAGE + offset;
}

static inline u64 worker_value(enum shared_msr msr, u32 index, u32 n)
{
	u64 selector = 0x100 + (index * 64 + n % 64) * 0x20;
	u32 bits = index * 2 + n % 2;
	u64 mask = 0;
	int i;

	switch (msr) {
	case SHARED_STAR:
		return (selector + 0x13) << 48 | selector << 32 | n;
	case SHARED_LSTAR:
		return worker_landing(index, n);
	case SHARED_CSTAR:
		return 0x7f0000000000ULL + index * 0x10000000ULL + n;
	case SHARED_SYSCALL_MASK:
		/* There are five bits to tell two values of 16 vCPUs apart. */
		for (i = 0; i < 32; i++) {
			if (!(RFLAGS_MASKABLE & BIT_ULL(i)))
				continue;
			if (bits & 1)
				mask |= BIT_ULL(i);
			bits >>= 1;
		}
		return mask;
	case SHARED_TSC_AUX:
		/* No CPU of the host has such a number. */
		return 0x80000000 | index << 24 | (n & 0xffffff);
	default:
		return 0;
	}
}

/* What only KVM can have answered to CPUID. */
static inline u32 worker_brand(u32 index)
{
	return 0x776f726b + index;
}

/* --- Guest --- */

static inline void worker_wrmsr(struct worker *w, u32 msr, u64 value)
{
	wrmsr(msr, value);
	WRITE_ONCE(w->exits, w->exits + 1);
}

static inline void worker_new_values(struct worker *w)
{
	static const enum shared_msr msrs[] = {
		SHARED_STAR, SHARED_LSTAR, SHARED_CSTAR, SHARED_SYSCALL_MASK,
		SHARED_TSC_AUX
	};
	int i;

	w->n++;
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		if (msrs[i] == SHARED_TSC_AUX && !w->has_rdtscp && !w->has_rdpid)
			continue;
		worker_wrmsr(w, shared_msrs[msrs[i]].index,
			     worker_value(msrs[i], w->index, w->n));
	}
}

static inline void worker_check_sce_clear(struct worker *w)
{
	struct tally *tally = &w->tallies[WORKER_EFER_SCE];
	u64 efer = rdmsr(MSR_EFER);
	struct landing landing;

	WRITE_ONCE(w->exits, w->exits + 1);
	worker_wrmsr(w, MSR_EFER, efer & ~EFER_SCE);
	guest_syscall(&landing, X86_EFLAGS_FIXED);
	tally_check(tally, 6, landing.vector);
	tally_check(tally, (uintptr_t)guest_syscall_insn, landing.rip);
	worker_wrmsr(w, MSR_EFER, efer);
}

static inline void worker_exit(struct worker *w, u32 random)
{
	struct tally *tally = &w->tallies[WORKER_EXIT];
	u32 eax, ebx, ecx, edx;

	switch (random % (w->user_exits ? 6 : 4)) {
	case 0:
		worker_new_values(w);
		break;
	case 1:
		worker_check_sce_clear(w);
		break;
	case 2:
		cpuid(0x80000002, &eax, &ebx, &ecx, &edx);
		tally_check(tally, worker_brand(w->index), eax);
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	case 3:
		worker_wrmsr(w, MSR_IA32_MC0_ADDR, random);
		tally_check(tally, random, rdmsr(MSR_IA32_MC0_ADDR));
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	case 4:
		/* The host answers with the number of such exits. */
		tally_check(tally, ++w->nr_user_exits & 0xffff,
			    inw(WORKER_PORT));
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	case 5:
		tally_check(tally, ++w->nr_user_exits & 0xffff,
			    READ_ONCE(*(u16 *)WORKER_MMIO));
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	}
}

static inline void worker_check_tsc_aux(struct worker *w)
{
	u64 expected = worker_value(SHARED_TSC_AUX, w->index, w->n);
	u32 aux;

	if (w->has_rdtscp) {
		rdtscp(&aux);
		tally_check(&w->tallies[WORKER_RDTSCP], expected, aux);
	}
	if (w->has_rdpid)
		tally_check(&w->tallies[WORKER_RDPID], expected, rdpid());
}

static inline void worker_check_syscall(struct worker *w)
{
	u64 rflags = RFLAGS_MASKABLE | X86_EFLAGS_FIXED;
	u64 selector = worker_value(SHARED_STAR, w->index, w->n) >> 32 & 0xffff;
	u64 mask = worker_value(SHARED_SYSCALL_MASK, w->index, w->n);
	struct landing landing;

	guest_syscall(&landing, rflags);
	tally_check(&w->tallies[WORKER_LSTAR],
		    worker_value(SHARED_LSTAR, w->index, w->n), landing.rip);
	tally_check(&w->tallies[WORKER_LSTAR], NO_VECTOR, landing.vector);
	tally_check(&w->tallies[WORKER_STAR], selector, landing.cs);
	if (landing.vector == NO_VECTOR)
		tally_check(&w->tallies[WORKER_STAR], selector + 8, landing.ss);
	tally_check(&w->tallies[WORKER_SYSCALL_MASK], rflags & ~mask,
		    landing.rflags);
}

static void worker_guest_code(u32 i)
{
	struct worker *w = &guest_workers[i];
	u32 random;

	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
	for (;;) {
		worker_new_values(w);
		while (!READ_ONCE(w->stop)) {
			random = next_random(&w->random);
			worker_exit(w, random >> 8);
			/* Either may be the first to need a value. */
			if (random & 1)
				worker_check_tsc_aux(w);
			worker_check_syscall(w);
			if (!(random & 1))
				worker_check_tsc_aux(w);
		}
		GUEST_SYNC(w->n);
	}
}

/* --- Host --- */

static struct kvm_vm *worker_vm_create(u32 nr, struct kvm_vcpu *vcpus[],
				       struct worker *workers[], u32 first_index,
				       u32 seed)
{
	u64 code = (uintptr_t)guest_landing_a & -WORKER_PAGE;
	struct kvm_vm *vm;
	u32 i, page;

	vm = vm_create_with_vcpus(nr, worker_guest_code, vcpus);
	vm_init_descriptor_tables(vm);
	vm_install_syscall_fault_handlers(vm);
	virt_map(vm, WORKER_MMIO, WORKER_MMIO, 1);

	for (i = 0; i < nr; i++) {
		struct worker *w;

		vcpu_get_cpuid_entry(vcpus[i], 0x80000002)->eax =
			worker_brand(first_index + i);
		vcpu_set_cpuid(vcpus[i]);
		vcpu_init_descriptor_tables(vcpus[i]);
		vcpu_args_set(vcpus[i], 1, i);

		w = addr_gva2hva(vm, (uintptr_t)&guest_workers[i]);
		memset(w, 0, sizeof(*w));
		w->index = first_index + i;
		w->random = seed + w->index * 0x9e3779b9;
		w->random += !w->random;
		w->has_rdtscp = kvm_cpu_has(X86_FEATURE_RDTSCP);
		w->has_rdpid = kvm_cpu_has(X86_FEATURE_RDPID);
		workers[i] = w;

		/* The landing code may cross a page. */
		for (page = 0; page < 4; page++)
			virt_map(vm, WORKER_LANDINGS +
				 (w->index * 4 + page) * WORKER_PAGE,
				 addr_gva2gpa(vm, code + page % 2 * WORKER_PAGE),
				 1);
	}
	return vm;
}

/* The guest has left KVM_RUN for no exit of its choice: did it do as told? */
static inline void worker_check_sync(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct ucall uc;

	if (get_ucall(vcpu, &uc) != UCALL_SYNC)
		ksft_exit_fail_msg("unexpected exit %u (%s)\n", run->exit_reason,
				   exit_reason_str(run->exit_reason));
	if (uc.args[1] == STAGE_EXCEPTION)
		ksft_exit_fail_msg("guest exception %lu at %#lx, error code %#lx\n",
				   uc.args[2], uc.args[3], uc.args[4]);
}

/*
 * What user mode sees of the shared MSRs.  The thread must stay on its CPU.
 * Returns the CPU's number.
 */
static inline int host_check(const struct host_syscall *before,
			     struct tally *rdtscp_tally,
			     struct tally *syscall_tally)
{
	struct host_syscall now;
	u32 aux = 0, expected;

	/* Before any other system call. */
	if (host_has_rdtscp())
		rdtscp(&aux);
	host_gettid(&now);
	expected = host_expected_tsc_aux();

	if (host_has_rdtscp())
		tally_check(rdtscp_tally, expected, aux);
	tally_check(syscall_tally, before->ret, now.ret);
	tally_check(syscall_tally, before->cs, now.cs);
	tally_check(syscall_tally, before->ss, now.ss);
	tally_check(syscall_tally, before->rflags, now.rflags);

	/* The upper bits are the node. */
	return expected & 0xfff;
}

/* What the msr driver read before any guest ran, by CPU. */
static struct {
	bool has;
	u64 value;
} host_msrs[CPU_SETSIZE][NR_SHARED_MSRS];

/* False if it cannot read any. */
static inline bool host_msrs_save(int cpu)
{
	bool any = false;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		host_msrs[cpu][i].has = host_rdmsr(cpu, i,
						   &host_msrs[cpu][i].value);
		any |= host_msrs[cpu][i].has;
	}
	return any;
}

/* While a vCPU is in KVM_RUN, its values are what a CPU may well hold. */
static inline void host_msrs_check(int cpu, struct tally *tally)
{
	u64 value;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!host_msrs[cpu][i].has)
			continue;
		if (!host_rdmsr(cpu, i, &value))
			value = ~host_msrs[cpu][i].value;
		tally_check(tally, host_msrs[cpu][i].value, value);
	}
}

static inline void tally_add(struct tally *sum, const struct tally *tally)
{
	if (!sum->failures) {
		sum->expected = tally->expected;
		sum->actual = tally->actual;
	}
	sum->checks += tally->checks;
	sum->failures += tally->failures;
}

/* A test point; what was never looked at has not passed. */
static inline void tally_report(const struct tally *tally, const char *name)
{
	if (tally->failures)
		ksft_print_msg("expected %#lx, actual %#lx; %lu of %lu checks failed\n",
			       tally->expected, tally->actual, tally->failures,
			       tally->checks);
	else if (!tally->checks)
		ksft_print_msg("never checked\n");
	ksft_test_result(tally->checks && !tally->failures, "%s\n", name);
}

static inline void worker_report(const struct worker *w,
				 const struct tally tallies[])
{
	int i;

	for (i = 0; i < NR_WORKER_EFFECTS; i++) {
		if ((i == WORKER_RDTSCP && !w->has_rdtscp) ||
		    (i == WORKER_RDPID && !w->has_rdpid))
			ksft_test_result_skip("%s: KVM does not offer it\n",
					      worker_effect_names[i]);
		else
			tally_report(&tallies[i], worker_effect_names[i]);
	}
}

#endif /* SELFTEST_KVM_SHARED_MSRS_WORKER_H */
