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

/* The guest causes its exit once in each phase of a step. */
enum phase {
	PHASE_SET,		/* values set at the beginning of the step */
	PHASE_REWRITTEN,	/* changed by WRMSR while loaded */
	PHASE_SCE_CLEAR,	/* the same values, EFER.SCE clear */
	PHASE_SCE_SET,		/* changed, then EFER.SCE set */
	NR_PHASES
};

/* What a phase adds to the number of its step's values. */
static const u32 phase_numbers[NR_PHASES] = { 0, 1, 1, 2 };
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

/* What a step shows besides the effects of the values. */
enum point {
	POINT_EXIT,
	POINT_RDMSR,
	POINT_GET_MSRS,
	NR_POINTS
};

static const char * const point_names[NR_POINTS] = {
	[POINT_EXIT]		= "the exit happens",
	[POINT_RDMSR]		= "RDMSR agrees",
	[POINT_GET_MSRS]	= "KVM_GET_MSRS agrees",
};

/* Written by the host before a step. */
static struct step {
	u32 kind;
	u32 n;			/* of the values */
	bool set_by_host;
} step;

struct observation {
	u64 proof;			/* that the exit happened */
	struct effects effects;
	u64 msrs[NR_SHARED_MSRS];
};

/* Written by the guest in a step. */
static struct result {
	u32 n;
	struct observation seen[NR_PHASES];
} result;

/* --- What guest and host both compute --- */

static void phase_values(u64 values[NR_SHARED_MSRS], u32 n, enum phase phase)
{
	guest_values(values, n + phase_numbers[phase]);
	if (phase == PHASE_SCE_CLEAR)
		values[SHARED_EFER] &= ~EFER_SCE;
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
		guest_nap();
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

static void guest_observe(struct observation *seen, bool tsc_aux_first)
{
	int i;

	/* Effects come first: RDMSR is an exit. */
	guest_see(&seen->effects, tsc_aux_first);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			seen->msrs[i] = rdmsr(shared_msrs[i].index);
	}
}

static void guest_code(void)
{
	u64 values[NR_SHARED_MSRS];
	int i;

	guest_apic_init(TIMER_VECTOR);
	wrmsr(MSR_EFER, GUEST_EFER);

	for (;;) {
		GUEST_SYNC(step.n);

		for (i = 0; i < NR_PHASES; i++) {
			phase_values(values, step.n, i);
			if (i == PHASE_SCE_CLEAR)
				wrmsr(MSR_EFER, values[SHARED_EFER]);
			else if (i != PHASE_SET || !step.set_by_host)
				guest_wrmsr_all(values);
			if (i == PHASE_SCE_SET)
				wrmsr(MSR_EFER, values[SHARED_EFER]);

			result.seen[i].proof = guest_exit(i);
			guest_observe(&result.seen[i],
				      (step.n + phase_numbers[i]) & 2);
		}
		result.n = step.n;
	}
}

/* --- Host --- */

/* Judged by all the steps that touch them. */
static struct tallies {
	struct tally points[NR_POINTS];
	struct tally guest[NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
} tallies[NR_EXITS];

static int this_cpu;

static void check(enum point point, const char *what, u64 expected, u64 actual)
{
	tally_check(&tallies[step.kind].points[point], what, expected, actual);
}

/* Called whenever KVM_RUN has returned, on the CPU where it ran. */
static void check_host(void)
{
	struct tally *host = tallies[step.kind].host;

	host_check(host);
	host_check_msrs(this_cpu, &host[HOST_MSRS]);
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
	check(POINT_EXIT, "proof", expected, proof);
}

static void check_phase(enum phase phase)
{
	const struct observation *seen = &result.seen[phase];
	u64 values[NR_SHARED_MSRS];
	int i;

	check_exit(phase, seen->proof);
	phase_values(values, step.n, phase);
	check_effects(tallies[step.kind].guest, values, &seen->effects);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			check(POINT_RDMSR, shared_msrs[i].name, values[i],
			      seen->msrs[i]);
	}
}

static void next_cpu(void)
{
	this_cpu = host_next_cpu(this_cpu);
	host_pin(this_cpu);
}

/*
 * Run the guest to its next GUEST_SYNC, checking the host after every KVM_RUN
 * and, if it shall migrate, moving to the next CPU then.
 */
static void run_to_sync(struct kvm_vcpu *vcpu, bool migrate)
{
	struct kvm_run *run = vcpu->run;
	unsigned int accesses = 0;
	u32 value;

	for (;;) {
		vcpu_run(vcpu);
		check_host();
		if (migrate)
			next_cpu();

		/* The write and the read of each phase, in turn. */
		value = magic(step.n, accesses / 2);
		if (run->exit_reason == KVM_EXIT_IO &&
		    run->io.port == PIO_PORT) {
			void *data = (void *)run + run->io.data_offset;

			check(POINT_EXIT, "PIO direction",
			      accesses % 2 ? KVM_EXIT_IO_IN : KVM_EXIT_IO_OUT,
			      run->io.direction);
			if (accesses % 2)
				memcpy(data, &value, 2);
			else
				check(POINT_EXIT, "PIO data", value,
				      *(u32 *)data);
			accesses++;
			continue;
		}
		if (run->exit_reason == KVM_EXIT_MMIO) {
			check(POINT_EXIT, "MMIO address", MMIO_GPA,
			      run->mmio.phys_addr);
			check(POINT_EXIT, "MMIO direction", !(accesses % 2),
			      run->mmio.is_write);
			if (accesses % 2)
				memcpy(run->mmio.data, &value, sizeof(value));
			else
				check(POINT_EXIT, "MMIO data", value,
				      *(u32 *)run->mmio.data);
			accesses++;
			continue;
		}
		break;
	}

	vcpu_check_sync(vcpu);
	/* KVM_RUN completed the port access of the ucall. */
	check_host();

	if (step.kind == EXIT_PIO || step.kind == EXIT_MMIO)
		check(POINT_EXIT, "exits to user mode", 2 * NR_PHASES,
		      accesses);
}

static void run_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
		     enum exit_kind kind, bool set_by_host, bool migrate)
{
	void *fresh = addr_gpa2hva(vm, FRESH_GPA);
	u64 values[NR_SHARED_MSRS];
	int i;

	step.kind = kind;
	step.set_by_host = set_by_host;
	step.n += STEP_VALUES;
	tally_step = step.n;
	sync_global_to_guest(vm, step);

	if (set_by_host) {
		phase_values(values, step.n, PHASE_SET);
		vcpu_set_shared_msrs(vcpu, values);
	}
	vcpu_set_msr(vcpu, MSR_IA32_UCODE_REV, magic(step.n, PHASE_SET));
	TEST_ASSERT(!madvise(fresh, NR_PHASES * PAGE_BYTES, MADV_DONTNEED),
		    "madvise failed, errno: %i", errno);

	run_to_sync(vcpu, migrate);

	sync_global_from_guest(vm, result);
	check(POINT_EXIT, "step done by the guest", step.n, result.n);
	for (i = 0; i < NR_PHASES; i++)
		check_phase(i);

	phase_values(values, step.n, NR_PHASES - 1);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			check(POINT_GET_MSRS, shared_msrs[i].name, values[i],
			      vcpu_get_msr(vcpu, shared_msrs[i].index));
	}
	if (kind == EXIT_EMULATED_WRMSR)
		check(POINT_EXIT, "MC0_ADDR", magic(step.n, NR_PHASES - 1),
		      vcpu_get_msr(vcpu, MSR_IA32_MC0_ADDR));
	if (kind == EXIT_FAULT) {
		for (i = 0; i < NR_PHASES; i++)
			check(POINT_EXIT, "written page", magic(step.n, i),
			      *(u64 *)(fresh + i * PAGE_BYTES));
	}
}

static void run_all_steps(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
			  bool migrate)
{
	int kind;

	for (kind = 0; kind < NR_EXITS; kind++) {
		run_step(vm, vcpu, kind, false, migrate);
		run_step(vm, vcpu, kind, true, migrate);
	}
}

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);

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

	guest_has_init(vm, *vcpu);
	return vm;
}

int main(int argc, char *argv[])
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int kind, i;

	shared_msrs_test_init();
	vm = create_guest(&vcpu);
	ksft_set_plan(NR_EXITS * (NR_POINTS + NR_EFFECTS + NR_HOST_EFFECTS));

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	next_cpu();
	run_to_sync(vcpu, false);

	for_each_host_cpu(this_cpu) {
		host_pin(this_cpu);
		run_all_steps(vm, vcpu, false);
		ksft_print_msg("to step %u on CPU %d\n", step.n, this_cpu);
	}
	this_cpu = host_last_cpu();
	if (CPU_COUNT(&host_before.cpus) > 1) {
		run_all_steps(vm, vcpu, true);
		ksft_print_msg("to step %u on all CPUs in turn\n", step.n);
	}

	for (kind = 0; kind < NR_EXITS; kind++) {
		for (i = 0; i < NR_POINTS; i++)
			tally_report(&tallies[kind].points[i], "%s: %s",
				     exit_names[kind], point_names[i]);
		report_effects(exit_names[kind], tallies[kind].guest,
			       tallies[kind].host);
	}
	kvm_vm_free(vm);
	ksft_finished();
}
