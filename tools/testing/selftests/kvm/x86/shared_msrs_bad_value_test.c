// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value that a shared MSR cannot have is refused and changes nothing.
 *
 * A guest's WRMSR of such a value raises #GP(0) (Intel SDM volume 2, "WRMSR";
 * AMD APM volume 3, "WRMSR"); KVM_SET_MSRS stops at its entry, with those before
 * applied and those after not. The MSR then has the value it had, as RDMSR and
 * KVM_GET_MSRS say and as SYSCALL, RDTSCP and RDPID show, right then and after
 * another trip to user mode: KVM answers from memory, but runs the guest with
 * what is in hardware, and either may be wrong. The largest and
 * smallest values that the MSRs do take show that these checks can tell.
 *
 * Each attempt comes after values not used before in all MSRs, so that nothing
 * left over from the attempt before can pass for the right value.
 */
#include "shared_msrs.h"

#define SIGNATURE_INTEL	0x756e6547	/* "Genu" */

enum way {
	BY_WRMSR,
	BY_IOCTL,
	NR_WAYS
};

static const char * const way_names[NR_WAYS] = {
	[BY_WRMSR] = "WRMSR",
	[BY_IOCTL] = "KVM_SET_MSRS",
};

/* The ends of what is not canonical: bit 47 alone, and all others; or bit 56. */
#define LOWEST_BAD	BIT_ULL(47)
#define HIGHEST_BAD	(~BIT_ULL(47))
#define HIGHEST_USER	(BIT_ULL(47) - 1)
#define LOWEST_KERNEL	(~0ULL << 47)

/* Without SCE, too: stored or loaded, SYSCALL would raise #UD. */
#define EFER_CLEAR	(GUEST_EFER & ~EFER_SCE)

static const struct attempt {
	const char *name;
	enum shared_msr msr;
	u64 value;
	bool taken;
	bool tsx_ctrl;		/* for the guest that has it */
} attempts[] = {
	{ "lowest non-canonical LSTAR", SHARED_LSTAR, LOWEST_BAD },
	{ "highest non-canonical LSTAR", SHARED_LSTAR, HIGHEST_BAD },
	{ "LSTAR with bit 63 alone", SHARED_LSTAR, BIT_ULL(63) },
	{ "highest canonical LSTAR of user mode", SHARED_LSTAR, HIGHEST_USER, true },
	{ "lowest canonical LSTAR of the kernel", SHARED_LSTAR, LOWEST_KERNEL, true },

	{ "lowest non-canonical CSTAR", SHARED_CSTAR, LOWEST_BAD },
	{ "highest non-canonical CSTAR", SHARED_CSTAR, HIGHEST_BAD },
	{ "CSTAR with bit 63 alone", SHARED_CSTAR, BIT_ULL(63) },
	{ "highest canonical CSTAR of user mode", SHARED_CSTAR, HIGHEST_USER, true },
	{ "lowest canonical CSTAR of the kernel", SHARED_CSTAR, LOWEST_KERNEL, true },

	{ "bit 32 of SYSCALL_MASK", SHARED_SYSCALL_MASK, BIT_ULL(32) },
	{ "bit 63 of SYSCALL_MASK", SHARED_SYSCALL_MASK, BIT_ULL(63) },
	{ "highest SYSCALL_MASK", SHARED_SYSCALL_MASK, 0xffffffff, true },

	{ "bit 9 of EFER", SHARED_EFER, EFER_CLEAR | BIT_ULL(9) },
	{ "bit 32 of EFER", SHARED_EFER, EFER_CLEAR | BIT_ULL(32) },
	{ "bit 63 of EFER", SHARED_EFER, EFER_CLEAR | BIT_ULL(63) },
	{ "EFER without SCE", SHARED_EFER, EFER_CLEAR, true },

	{ "bit 32 of TSC_AUX", SHARED_TSC_AUX, BIT_ULL(32) | 0x77 },
	{ "bit 63 of TSC_AUX", SHARED_TSC_AUX, BIT_ULL(63) | 0x77 },
	{ "highest TSC_AUX", SHARED_TSC_AUX, 0xffffffff, true },

	{ "TSX_CTRL, which the guest does not have", SHARED_TSX_CTRL,
	  TSX_CTRL_RTM_DISABLE },
	{ "bit 2 of TSX_CTRL", SHARED_TSX_CTRL, TSX_CTRL_RTM_DISABLE | BIT_ULL(2),
	  false, true },
	{ "bit 63 of TSX_CTRL", SHARED_TSX_CTRL, BIT_ULL(63), false, true },
	{ "highest TSX_CTRL", SHARED_TSX_CTRL,
	  TSX_CTRL_RTM_DISABLE | TSX_CTRL_CPUID_CLEAR, true, true },
};

/* The guest's CPUID names an Intel CPU. */
static bool intel;
static bool ignore_msrs;
static bool kvm_offers_tsx_ctrl;

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

static int this_cpu;

/* Of all steps. */
static struct tally host[NR_HOST_EFFECTS];

static void run_to_sync(struct kvm_vcpu *vcpu)
{
	vcpu_run(vcpu);
	host_check(host);
	host_check_msrs(this_cpu, &host[HOST_MSRS]);
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

/* The attempt between two good values, of STAR and of @last. */
static int set_msrs(struct kvm_vcpu *vcpu, const u64 good[NR_SHARED_MSRS],
		    enum shared_msr last)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entries[3];
	} msrs = {
		.header.nmsrs = 3,
		.entries = {
			{ .index = MSR_STAR, .data = good[SHARED_STAR] },
			{ .index = shared_msrs[step.msr].index, .data = step.value },
			{ .index = shared_msrs[last].index, .data = good[last] },
		},
	};

	return __vcpu_ioctl(vcpu, KVM_SET_MSRS, &msrs.header);
}

/* With 5-level paging KVM may go by the CPU, or by the guest's CR4. */
static u64 attempt_value(const struct attempt *attempt)
{
	if (!kvm_cpu_has(X86_FEATURE_LA57))
		return attempt->value;
	if (attempt->value == LOWEST_BAD)
		return BIT_ULL(56);
	if (attempt->value == HIGHEST_BAD)
		return ~BIT_ULL(56);
	return attempt->value;
}

/*
 * Bits 63:32 of TSC_AUX are reserved on Intel CPUs: #GP (SDM volume 4, "MSRs in
 * the 06_1AH"). AMD's APM does not say what a write of them does, only that
 * RDTSCP and RDPID return bits 31:0; the CPUs ignore them, and read zeros. KVM
 * does as the CPU does that the guest's CPUID names.
 */
static bool is_taken(const struct attempt *attempt)
{
	return attempt->taken || (attempt->msr == SHARED_TSC_AUX && !intel);
}

static u64 reads(const struct attempt *attempt)
{
	return attempt->msr == SHARED_TSC_AUX ? (u32)attempt->value :
		attempt->value;
}

/* Why it cannot be tried here, or NULL. */
static const char *skip(const struct attempt *attempt, enum way way)
{
	switch (attempt->msr) {
	case SHARED_LSTAR:
	case SHARED_CSTAR:
		if (!attempt->taken && way == BY_WRMSR && is_kvm_amd() && host_is_tcg())
			return "KVM has no say in it, and QEMU's TCG takes any address";
		return NULL;
	/*
	 * Bits 63:32 are reserved on Intel CPUs: #GP (SDM volume 4, "IA32_FMASK").
	 * kvm_amd takes any value from KVM_SET_MSRS for VMLOAD to load.
	 */
	case SHARED_SYSCALL_MASK:
		if (!attempt->taken && is_kvm_amd())
			return way == BY_WRMSR ? "the CPU's to decide, not kvm_amd's" :
						 "kvm_amd takes any value";
		return NULL;
	case SHARED_TSC_AUX:
		return guest_has.msr[SHARED_TSC_AUX] ? NULL : "KVM offers no TSC_AUX";
	/* What KVM does not know it then takes and forgets. */
	case SHARED_TSX_CTRL:
		if (attempt->tsx_ctrl)
			return kvm_offers_tsx_ctrl ? NULL : "KVM offers no TSX_CTRL";
		return ignore_msrs ? "kvm.ignore_msrs is set" : NULL;
	default:
		return NULL;
	}
}

/* KVM_SET_MSRS goes by what the host has. */
static bool is_for(const struct attempt *attempt, enum way way)
{
	return way == BY_WRMSR || skip(attempt, way) || attempt->tsx_ctrl ||
	       attempt->msr != SHARED_TSX_CTRL;
}

/* MSRs as KVM_GET_MSRS reads them, and how many entries that were. */
struct reading {
	u64 values[NR_SHARED_MSRS];
	int got[NR_SHARED_MSRS];
};

/* TSX_CTRL may be there for the host and not for the guest. */
static void get_msrs(struct kvm_vcpu *vcpu, struct reading *reading)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		reading->got[i] = get_msr(vcpu, i, &reading->values[i]);
}

/* RDMSR agrees, before and after the trip, and so does KVM_GET_MSRS. */
static void check_memory(struct tally *tally, const u64 expected[NR_SHARED_MSRS],
			 const struct reading *before, const struct reading *after)
{
	const struct observation *seen;
	int i, trip;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		for (trip = 0; trip < 2; trip++) {
			seen = &result.seen[trip];
			tally_check(tally, "exception of RDMSR",
				    guest_has.msr[i] ? NO_VECTOR : GP_VECTOR,
				    seen->fault[i]);
			if (guest_has.msr[i])
				tally_check(tally, shared_msrs[i].name,
					    expected[i], seen->msrs[i]);
		}
		tally_check(tally, "entries read by KVM_GET_MSRS", before->got[i],
			    after->got[i]);
		if (guest_has.msr[i] || before->got[i] == 1)
			tally_check(tally, shared_msrs[i].name,
				    guest_has.msr[i] ? expected[i] :
				    before->values[i], after->values[i]);
	}
}

static struct tally check_seen(const struct attempt *attempt,
			       const u64 expected[NR_SHARED_MSRS])
{
	struct tally effects[NR_EFFECTS] = {};
	int i;

	for (i = 0; i < 2; i++) {
		/* Nothing lands at either end of what is canonical. */
		if (attempt->msr == SHARED_LSTAR && attempt->taken)
			check_effects_unmapped(effects, expected,
					       &result.seen[i].effects);
		else
			check_effects(effects, expected,
				      &result.seen[i].effects);
	}
	return tallies_sum(effects, NR_EFFECTS);
}

#define NR_POINTS_PER_STEP 3

static void run_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
		     const struct attempt *attempt, enum way way)
{
	enum shared_msr last = attempt->msr == SHARED_SYSCALL_MASK ?
			       SHARED_LSTAR : SHARED_SYSCALL_MASK;
	const char *verb = is_taken(attempt) ? "taken" : "refused";
	u64 expected[NR_SHARED_MSRS], good[NR_SHARED_MSRS];
	struct tally answer = {}, memory = {}, seen;
	struct reading before, after;
	int r = 0;

	step.n += STEP_VALUES;
	step.by_guest = way == BY_WRMSR;
	step.msr = attempt->msr;
	step.value = attempt_value(attempt);
	tally_step = step.n;
	sync_global_to_guest(vm, step);

	guest_values(expected, step.n);
	guest_values(good, step.n + 1);
	if (way == BY_IOCTL) {
		vcpu_set_msr(vcpu, MSR_EFER, expected[SHARED_EFER]);
		vcpu_set_shared_msrs(vcpu, expected);
	}
	get_msrs(vcpu, &before);
	if (way == BY_IOCTL) {
		r = set_msrs(vcpu, good, last);
		expected[SHARED_STAR] = good[SHARED_STAR];
		if (is_taken(attempt))
			expected[last] = good[last];
	}
	if (is_taken(attempt))
		expected[attempt->msr] = reads(attempt);

	run_to_sync(vcpu);
	get_msrs(vcpu, &after);
	run_to_sync(vcpu);
	sync_global_from_guest(vm, result);

	tally_check(&answer, "step done by the guest", step.n, result.n);
	if (way == BY_WRMSR)
		tally_check(&answer, "exception of WRMSR",
			    is_taken(attempt) ? NO_VECTOR : GP_VECTOR,
			    result.fault);
	else
		tally_check(&answer, "entries set by KVM_SET_MSRS",
			    is_taken(attempt) ? 3 : 1, r);
	tally_report(&answer, "%s by %s: %s", attempt->name, way_names[way],
		     verb);

	check_memory(&memory, expected, &before, &after);
	tally_report(&memory, "%s by %s: RDMSR and KVM_GET_MSRS after it was %s",
		     attempt->name, way_names[way], verb);

	seen = check_seen(attempt, expected);
	tally_report(&seen, "%s by %s: SYSCALL, RDTSCP and RDPID after it was %s",
		     attempt->name, way_names[way], verb);
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

	for (i = 0; i < ARRAY_SIZE(attempts); i++) {
		for (way = 0; way < NR_WAYS; way++) {
			if (skip(&attempts[i], way))
				points++;
			else if (is_for(&attempts[i], way))
				points += NR_POINTS_PER_STEP;
		}
	}
	return points;
}

static void run_attempts(struct kvm_vm *vm, struct kvm_vcpu *vcpu, bool tsx_ctrl)
{
	const char *why;
	int i, way;

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	run_to_sync(vcpu);
	for (i = 0; i < ARRAY_SIZE(attempts); i++) {
		for (way = 0; attempts[i].tsx_ctrl == tsx_ctrl && way < NR_WAYS; way++) {
			why = skip(&attempts[i], way);
			if (why)
				tally_report_unless(why, NULL, "%s by %s",
						    attempts[i].name,
						    way_names[way]);
			else if (is_for(&attempts[i], way))
				run_step(vm, vcpu, &attempts[i], way);
		}
	}
}

int main(int argc, char *argv[])
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;

	shared_msrs_test_init();
	this_cpu = host_pin_last();
	vm = create_guest(&vcpu, false);
	intel = vcpu_get_cpuid_entry(vcpu, 0)->ebx == SIGNATURE_INTEL;
	ignore_msrs = host_param_is_on("kvm", "ignore_msrs");
	report_plan(nr_points());

	run_attempts(vm, vcpu, false);
	kvm_vm_free(vm);
	vm = create_guest(&vcpu, true);
	run_attempts(vm, vcpu, true);
	kvm_vm_free(vm);

	report_effects("all attempts", NULL, host);
	report_end();
}
