// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value that a shared MSR cannot have is refused and changes nothing.
 *
 * A guest's WRMSR of such a value raises #GP(0) (Intel SDM volume 2, "WRMSR";
 * AMD APM volume 3, "WRMSR"); KVM_SET_MSRS stops at its entry, with those before
 * applied and those after not.  The MSR then has the value it had, as RDMSR and
 * KVM_GET_MSRS say and as SYSCALL, RDTSCP and RDPID show, right then and after
 * another trip to user mode: KVM answers from memory, but runs the guest with
 * what is in hardware, and either may be the one that is wrong.  The largest and
 * smallest values that the MSRs do take show that these checks can tell.
 *
 * Each attempt comes after values not used before in all MSRs, so that nothing
 * left over from the attempt before can pass for the right value.
 */
#define _GNU_SOURCE
#include "kvm_util.h"
#include "processor.h"
#include "shared_msrs.h"

#define SIGNATURE_INTEL	0x756e6547	/* "Genu" */
#define SIGNATURE_TCG	0x54474354	/* "TCGT" */

#define MAX_ATTEMPTS	32

enum way {
	BY_WRMSR,
	BY_IOCTL,
	NR_WAYS
};

static const char * const way_names[NR_WAYS] = {
	[BY_WRMSR] = "WRMSR",
	[BY_IOCTL] = "KVM_SET_MSRS",
};

struct attempt {
	const char *name;
	enum shared_msr msr;
	u64 value;
	bool taken;
	u64 reads;		/* once taken */
	bool by_wrmsr_only;
	bool tsx_ctrl;		/* for the guest that has it */
	const char *skip[NR_WAYS];
};

static struct attempt attempts[MAX_ATTEMPTS];
static int nr_attempts;

/* KVM_SET_MSRS takes two sets of values; and LSTAR's alternate. */
#define STEP_VALUES	3

/* Written by the host before a step. */
static struct step {
	u32 n;			/* of the good values */
	bool by_guest;
	u32 msr;
	u64 value;
} step;

struct observation {
	struct effects effects;
	u64 fault[NR_SHARED_MSRS];	/* of RDMSR */
	u64 msrs[NR_SHARED_MSRS];
};

/* Written by the guest in a step. */
static struct result {
	u32 n;
	u64 fault;			/* of the WRMSR */
	struct observation seen[2];	/* a trip to user mode is between them */
} result;

/* --- Guest --- */

static void guest_observe(struct observation *seen)
{
	int i;

	/* Effects come first: RDMSR is an exit. */
	guest_see(&seen->effects, false);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		seen->fault[i] = guest_try_rdmsr(shared_msrs[i].index,
						 &seen->msrs[i]);
}

static void guest_code(void)
{
	u64 values[NR_SHARED_MSRS];

	for (;;) {
		GUEST_SYNC(step.n);

		if (step.by_guest) {
			guest_values(values, step.n);
			wrmsr(MSR_EFER, values[SHARED_EFER]);
			guest_wrmsr_all(values);
			result.fault = guest_try_wrmsr(shared_msrs[step.msr].index,
						       step.value);
		}
		guest_observe(&result.seen[0]);
		GUEST_SYNC(step.n);
		guest_observe(&result.seen[1]);
		result.n = step.n;
	}
}

/* --- Host --- */

static int host_cpu;

/* Of all steps. */
static struct tally host[NR_HOST_EFFECTS];

static bool kvm_offers_tsx_ctrl;

static void run_to_sync(struct kvm_vcpu *vcpu)
{
	vcpu_run(vcpu);
	host_check(host);
	host_check_msrs(host_cpu, &host[HOST_MSRS]);
	vcpu_check_sync(vcpu);
}

/* As KVM_GET_MSRS and KVM_SET_MSRS do: the number of entries processed. */
static int get_msr(struct kvm_vcpu *vcpu, enum shared_msr msr, u64 *value)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entry;
	} msrs = {
		.header.nmsrs = 1,
		.entry.index = shared_msrs[msr].index,
	};
	int r = __vcpu_ioctl(vcpu, KVM_GET_MSRS, &msrs.header);

	*value = msrs.entry.data;
	return r;
}

/* Between two good values, of MSRs other than @msr. */
static int set_msrs(struct kvm_vcpu *vcpu, u64 star, enum shared_msr msr,
		    u64 value, enum shared_msr last, u64 last_value)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entries[3];
	} msrs = {
		.header.nmsrs = 3,
		.entries = {
			{ .index = MSR_STAR, .data = star },
			{ .index = shared_msrs[msr].index, .data = value },
			{ .index = shared_msrs[last].index, .data = last_value },
		},
	};

	return __vcpu_ioctl(vcpu, KVM_SET_MSRS, &msrs.header);
}

static void check_rdmsrs(struct tally *tally, const u64 *expected,
			 const struct observation *seen)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		tally_check(tally, "exception of RDMSR",
			    guest_has.msr[i] ? NO_VECTOR : GP_VECTOR,
			    seen->fault[i]);
		if (guest_has.msr[i])
			tally_check(tally, shared_msrs[i].name, expected[i],
				    seen->msrs[i]);
	}
}

#define NR_POINTS_PER_STEP 3

static void run_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
		     const struct attempt *attempt, enum way way)
{
	const char *verb = attempt->taken ? "taken" : "refused";
	struct tally answer = {}, memory = {}, effects[NR_EFFECTS] = {};
	u64 before[NR_SHARED_MSRS], after[NR_SHARED_MSRS];
	int got[NR_SHARED_MSRS], got_after[NR_SHARED_MSRS];
	u64 expected[NR_SHARED_MSRS];
	struct tally effect;
	/* Nothing lands at either end of what is canonical. */
	bool unmapped = attempt->msr == SHARED_LSTAR && attempt->taken;
	enum shared_msr last = SHARED_SYSCALL_MASK;
	int i, r = 0;

	step.n += STEP_VALUES;
	step.by_guest = way == BY_WRMSR;
	step.msr = attempt->msr;
	step.value = attempt->value;
	tally_step = step.n;
	sync_global_to_guest(vm, step);

	guest_values(expected, step.n);
	if (way == BY_IOCTL) {
		vcpu_set_msr(vcpu, MSR_EFER, expected[SHARED_EFER]);
		vcpu_set_shared_msrs(vcpu, expected);
	}
	/* TSX_CTRL may be there for the host and not for the guest. */
	for (i = 0; i < NR_SHARED_MSRS; i++)
		got[i] = get_msr(vcpu, i, &before[i]);
	if (way == BY_IOCTL) {
		if (attempt->msr == last)
			last = SHARED_LSTAR;
		expected[SHARED_STAR] = guest_value(SHARED_STAR, step.n + 1);
		r = set_msrs(vcpu, expected[SHARED_STAR], attempt->msr,
			     attempt->value, last,
			     guest_value(last, step.n + 1));
		if (attempt->taken)
			expected[last] = guest_value(last, step.n + 1);
	}
	if (attempt->taken)
		expected[attempt->msr] = attempt->reads;

	run_to_sync(vcpu);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		got_after[i] = get_msr(vcpu, i, &after[i]);
	run_to_sync(vcpu);
	sync_global_from_guest(vm, result);

	tally_check(&answer, "step done by the guest", step.n, result.n);
	if (way == BY_WRMSR)
		tally_check(&answer, "exception of WRMSR",
			    attempt->taken ? NO_VECTOR : GP_VECTOR,
			    result.fault);
	else
		tally_check(&answer, "entries set by KVM_SET_MSRS",
			    attempt->taken ? 3 : 1, r);
	tally_report(&answer, "%s by %s: %s", attempt->name, way_names[way],
		     verb);

	for (i = 0; i < 2; i++)
		check_rdmsrs(&memory, expected, &result.seen[i]);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		tally_check(&memory, "entries read by KVM_GET_MSRS", got[i],
			    got_after[i]);
		if (guest_has.msr[i])
			tally_check(&memory, shared_msrs[i].name, expected[i],
				    after[i]);
		else if (got[i] == 1)
			tally_check(&memory, shared_msrs[i].name, before[i],
				    after[i]);
	}
	tally_report(&memory, "%s by %s: RDMSR and KVM_GET_MSRS after it was %s",
		     attempt->name, way_names[way], verb);

	for (i = 0; i < 2; i++) {
		if (unmapped)
			check_effects_unmapped(effects, expected,
					       &result.seen[i].effects);
		else
			check_effects(effects, expected,
				      &result.seen[i].effects);
	}
	effect = effects_sum(effects);
	tally_report(&effect, "%s by %s: SYSCALL, RDTSCP and RDPID after it was %s",
		     attempt->name, way_names[way], verb);
}

static struct attempt *add(enum shared_msr msr, const char *name, u64 value)
{
	struct attempt *attempt = &attempts[nr_attempts++];

	TEST_ASSERT(nr_attempts <= MAX_ATTEMPTS, "too many attempts");
	attempt->msr = msr;
	attempt->name = name;
	attempt->value = value;
	attempt->reads = value;
	if (msr == SHARED_TSC_AUX && !guest_has.msr[msr]) {
		attempt->skip[BY_WRMSR] = "KVM offers no TSC_AUX";
		attempt->skip[BY_IOCTL] = "KVM offers no TSC_AUX";
	}
	return attempt;
}

static void add_good(enum shared_msr msr, const char *name, u64 value)
{
	add(msr, name, value)->taken = true;
}

/*
 * kvm_amd lets guests write LSTAR and CSTAR without an exit, so the CPU has to
 * refuse.  QEMU's TCG does not.
 */
static const char *why_not_by_wrmsr(void)
{
	u32 eax, ebx, ecx, edx;

	cpuid(0x40000000, &eax, &ebx, &ecx, &edx);
	if (is_kvm_amd() && host_cpu_has(1, 2, 31) && ebx == SIGNATURE_TCG)
		return "KVM has no say in it, and QEMU's TCG takes any address";
	return NULL;
}

static void add_addresses(enum shared_msr msr, const char * const names[5])
{
	/* With 5-level paging KVM may go by the CPU, or by the guest's CR4. */
	int bits = kvm_cpu_has(X86_FEATURE_LA57) ? 57 : 48;
	u64 lowest = 1ULL << (bits - 1);

	add(msr, names[0], lowest)->skip[BY_WRMSR] = why_not_by_wrmsr();
	add(msr, names[1], ~lowest)->skip[BY_WRMSR] = why_not_by_wrmsr();
	add(msr, names[2], BIT_ULL(63))->skip[BY_WRMSR] = why_not_by_wrmsr();
	add_good(msr, names[3], (1ULL << 47) - 1);
	add_good(msr, names[4], ~0ULL << 47);
}

/*
 * Bits 63:32 of TSC_AUX are reserved on Intel CPUs: #GP (SDM volume 4, "MSRs in
 * the 06_1AH").  AMD's APM does not say what a write of them does, only that
 * RDTSCP and RDPID return bits 31:0; the CPUs ignore them, and read zeros.  KVM
 * does as the CPU does that the guest's CPUID names.
 */
static void add_tsc_aux(bool intel)
{
	static const struct {
		const char *name;
		u64 bit;
	} above[] = {
		{ "bit 32 of TSC_AUX", BIT_ULL(32) },
		{ "bit 63 of TSC_AUX", BIT_ULL(63) },
	};
	struct attempt *attempt;
	int i;

	for (i = 0; i < ARRAY_SIZE(above); i++) {
		attempt = add(SHARED_TSC_AUX, above[i].name,
			      above[i].bit | 0x77);
		attempt->taken = !intel;
		attempt->reads = 0x77;
	}
	add_good(SHARED_TSC_AUX, "highest TSC_AUX", 0xffffffff);
}

/*
 * Bits 63:32 of SYSCALL_MASK are reserved on Intel CPUs: #GP (SDM volume 4,
 * "IA32_FMASK").  kvm_amd lets guests write the MSR without an exit, and takes
 * any value from KVM_SET_MSRS for VMLOAD to load.
 */
static void add_syscall_mask(void)
{
	struct attempt *above[] = {
		add(SHARED_SYSCALL_MASK, "bit 32 of SYSCALL_MASK", BIT_ULL(32)),
		add(SHARED_SYSCALL_MASK, "bit 63 of SYSCALL_MASK", BIT_ULL(63)),
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(above) && is_kvm_amd(); i++) {
		above[i]->skip[BY_WRMSR] = "the CPU's to decide, not kvm_amd's";
		above[i]->skip[BY_IOCTL] = "kvm_amd takes any value";
	}
	add_good(SHARED_SYSCALL_MASK, "highest SYSCALL_MASK", 0xffffffff);
}

/* By a guest that has it: the other bits are reserved (SDM volume 4). */
static void add_tsx_ctrl(void)
{
	int i = nr_attempts;

	add(SHARED_TSX_CTRL, "bit 2 of TSX_CTRL",
	    TSX_CTRL_RTM_DISABLE | BIT_ULL(2));
	add(SHARED_TSX_CTRL, "bit 63 of TSX_CTRL", BIT_ULL(63));
	add_good(SHARED_TSX_CTRL, "highest TSX_CTRL",
		 TSX_CTRL_RTM_DISABLE | TSX_CTRL_CPUID_CLEAR);
	for (; i < nr_attempts; i++) {
		attempts[i].tsx_ctrl = true;
		if (!kvm_offers_tsx_ctrl) {
			attempts[i].skip[BY_WRMSR] = "KVM offers no TSX_CTRL";
			attempts[i].skip[BY_IOCTL] = "KVM offers no TSX_CTRL";
		}
	}
}

static void add_attempts(bool intel)
{
	static const char * const lstar[] = {
		"lowest non-canonical LSTAR", "highest non-canonical LSTAR",
		"LSTAR with bit 63 alone", "highest canonical LSTAR of user mode",
		"lowest canonical LSTAR of the kernel"
	};
	static const char * const cstar[] = {
		"lowest non-canonical CSTAR", "highest non-canonical CSTAR",
		"CSTAR with bit 63 alone", "highest canonical CSTAR of user mode",
		"lowest canonical CSTAR of the kernel"
	};
	u64 efer = GUEST_EFER & ~EFER_SCE;
	struct attempt *attempt;

	add_addresses(SHARED_LSTAR, lstar);
	add_addresses(SHARED_CSTAR, cstar);
	add_syscall_mask();

	/* Without SCE, too: stored or loaded, SYSCALL would raise #UD. */
	add(SHARED_EFER, "bit 9 of EFER", efer | BIT_ULL(9));
	add(SHARED_EFER, "bit 32 of EFER", efer | BIT_ULL(32));
	add(SHARED_EFER, "bit 63 of EFER", efer | BIT_ULL(63));
	add_good(SHARED_EFER, "EFER without SCE", efer);

	add_tsc_aux(intel);

	/* KVM_SET_MSRS goes by what the host has. */
	attempt = add(SHARED_TSX_CTRL, "TSX_CTRL, which the guest does not have",
		      TSX_CTRL_RTM_DISABLE);
	attempt->by_wrmsr_only = true;
	add_tsx_ctrl();
}

static void skip_unsupported_tsx_ctrl(void)
{
	static const char path[] = "/sys/module/kvm/parameters/ignore_msrs";
	char value = 'N';
	int i, fd = open(path, O_RDONLY);

	if (fd >= 0) {
		if (read(fd, &value, 1) != 1)
			value = 'N';
		close(fd);
	}
	if (value != 'Y')
		return;
	for (i = 0; i < nr_attempts; i++) {
		/* What KVM does not know it then takes and forgets. */
		if (attempts[i].msr != SHARED_TSX_CTRL || attempts[i].tsx_ctrl)
			continue;
		attempts[i].skip[BY_WRMSR] = "kvm.ignore_msrs is set";
		attempts[i].skip[BY_IOCTL] = "kvm.ignore_msrs is set";
	}
}

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu, bool tsx_ctrl)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, guest_code);

	guests_init(vm, vcpu, 1);
	kvm_offers_tsx_ctrl = guest_has.msr[SHARED_TSX_CTRL];
	if (!tsx_ctrl) {
		vcpu_set_msr(*vcpu, MSR_IA32_ARCH_CAPABILITIES, 0);
		guest_has.msr[SHARED_TSX_CTRL] = false;
		sync_global_to_guest(vm, guest_has);
	}
	return vm;
}

static int nr_points(void)
{
	int i, way, points = NR_HOST_EFFECTS;

	for (i = 0; i < nr_attempts; i++) {
		for (way = 0; way < NR_WAYS; way++) {
			if (attempts[i].skip[way])
				points++;
			else if (way == BY_WRMSR || !attempts[i].by_wrmsr_only)
				points += NR_POINTS_PER_STEP;
		}
	}
	return points;
}

static void run_attempts(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
			 bool tsx_ctrl)
{
	int i, way;

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	run_to_sync(vcpu);
	for (i = 0; i < nr_attempts; i++) {
		if (attempts[i].tsx_ctrl != tsx_ctrl)
			continue;
		for (way = 0; way < NR_WAYS; way++) {
			if (attempts[i].skip[way])
				ksft_test_result_skip("%s by %s: %s\n",
						      attempts[i].name,
						      way_names[way],
						      attempts[i].skip[way]);
			else if (way == BY_WRMSR || !attempts[i].by_wrmsr_only)
				run_step(vm, vcpu, &attempts[i], way);
		}
	}
}

int main(int argc, char *argv[])
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	shared_msrs_test_init();
	host_cpu = host_last_cpu();
	host_pin(host_cpu);
	vm = create_guest(&vcpu, false);
	add_attempts(vcpu_get_cpuid_entry(vcpu, 0)->ebx == SIGNATURE_INTEL);
	skip_unsupported_tsx_ctrl();
	ksft_set_plan(nr_points());

	run_attempts(vm, vcpu, false);
	kvm_vm_free(vm);
	vm = create_guest(&vcpu, true);
	run_attempts(vm, vcpu, true);
	kvm_vm_free(vm);

	report_effects("all attempts", NULL, host);
	ksft_finished();
}
