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

#define UD_VECTOR	6
#define GP_VECTOR	13

#define SIGNATURE_INTEL	0x756e6547	/* "Genu" */
#define SIGNATURE_TCG	0x54474354	/* "TCGT" */

#define MAX_ATTEMPTS	24

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
	const char *skip[NR_WAYS];
};

static struct attempt attempts[MAX_ATTEMPTS];
static int nr_attempts;

/* Written by the host before a step. */
static struct step {
	u32 n;			/* of the good values */
	bool by_guest;
	u32 msr;
	u64 value;
	bool lands_nowhere;	/* LSTAR is where the guest has no memory */
} step;

struct observation {
	struct landing syscall;
	u64 rdtscp;
	u64 rdpid;
	u64 fault[NR_SHARED_MSRS];	/* of RDMSR */
	u64 msrs[NR_SHARED_MSRS];
};

/* Written by the guest in a step. */
static struct result {
	u32 n;
	u64 fault;			/* of the WRMSR */
	struct observation seen[2];	/* a trip to user mode is between them */
} result;

/* What this guest has; guest and host both look. */
static struct config {
	bool msr[NR_SHARED_MSRS];
	bool rdtscp;
	bool rdpid;
	u64 efer;
} config;

/* --- What guest and host both compute --- */

static u64 good_value(enum shared_msr msr, u32 n)
{
	/* Of RFLAGS_MASKABLE. */
	static const u64 masks[] = { 0x4000, 0x40000, 0x200000, 0x44000 };
	u64 selector = 0x100 + n % 64 * 0x20;

	switch (msr) {
	case SHARED_STAR:
		return (selector + 0x803) << 48 | selector << 32 | n;
	case SHARED_LSTAR:
		return (uintptr_t)(n & 2 ? guest_landing_b : guest_landing_a);
	case SHARED_CSTAR:
		return 0x7f0000000000ULL + n * 16;
	case SHARED_SYSCALL_MASK:
		return masks[n % ARRAY_SIZE(masks)];
	case SHARED_EFER:
		return config.efer;
	case SHARED_TSC_AUX:
		return 0x5a000000 | n;
	default:
		return 0;
	}
}

/* --- Guest --- */

/* Where to go on after the #GP of an instruction that may raise it, or 0. */
static u64 guest_fixup;

/* Leaves NO_VECTOR, or the vector with the error code from bit 16 on, in RDI. */
#define TRY(insn)				\
	"lea	1f(%%rip), %%rdi\n\t"		\
	"mov	%%rdi, %[fixup]\n\t"		\
	"mov	$0xffff, %%edi\n\t"		\
	insn "\n\t"				\
	"1:\n\t"				\
	"movq	$0, %[fixup]\n\t"

static u64 guest_try_wrmsr(u32 msr, u64 value)
{
	u64 fault;

	asm volatile(TRY("wrmsr")
		     : "=&D"(fault), [fixup] "+m"(guest_fixup)
		     : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32))
		     : "memory");
	return fault;
}

static u64 guest_try_rdmsr(u32 msr, u64 *value)
{
	u32 low, high;
	u64 fault;

	asm volatile(TRY("rdmsr")
		     : "=&D"(fault), [fixup] "+m"(guest_fixup), "=&a"(low),
		       "=&d"(high)
		     : "c"(msr)
		     : "memory");
	*value = (u64)high << 32 | low;
	return fault;
}

static void guest_gp(struct ex_regs *regs)
{
	if (!guest_fixup)
		guest_syscall_fault(regs);

	regs->rdi = regs->vector | regs->error_code << 16;
	regs->rip = guest_fixup;
}

static void guest_observe(struct observation *seen)
{
	u32 aux;
	int i;

	/* Effects come first: RDMSR is an exit. */
	if (!step.lands_nowhere)
		guest_syscall(&seen->syscall,
			      RFLAGS_MASKABLE | X86_EFLAGS_FIXED);
	if (config.rdtscp) {
		rdtscp(&aux);
		seen->rdtscp = aux;
	}
	if (config.rdpid)
		seen->rdpid = rdpid();

	for (i = 0; i < NR_SHARED_MSRS; i++)
		seen->fault[i] = guest_try_rdmsr(shared_msrs[i].index,
						 &seen->msrs[i]);
}

static void guest_code(void)
{
	int i;

	for (;;) {
		GUEST_SYNC(step.n);

		if (step.by_guest) {
			for (i = 0; i < NR_SHARED_MSRS; i++) {
				if (config.msr[i])
					wrmsr(shared_msrs[i].index,
					      good_value(i, step.n));
			}
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

static bool point_ok;

static void check(const char *what, u64 expected, u64 actual)
{
	if (expected == actual)
		return;
	ksft_print_msg("%s: expected %#lx, actual %#lx\n", what, expected,
		       actual);
	point_ok = false;
}

static int host_cpu;
static bool host_has[NR_SHARED_MSRS];
static u64 host_value[NR_SHARED_MSRS];
static struct host_syscall host_before;

/* Of all steps. */
static unsigned int host_checks, host_failures;

static void check_host(void)
{
	struct host_syscall now;
	u64 value;
	u32 aux;
	int i;

	/* Before any system call but KVM_RUN's own return. */
	host_gettid(&now);
	point_ok = true;
	check("host's gettid", host_before.ret, now.ret);
	check("host's CS", host_before.cs, now.cs);
	check("host's SS", host_before.ss, now.ss);
	check("host's RFLAGS", host_before.rflags, now.rflags);
	if (host_has_rdtscp()) {
		rdtscp(&aux);
		check("host's TSC_AUX", host_expected_tsc_aux(), aux);
	}
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!host_has[i])
			continue;
		if (!host_rdmsr(host_cpu, i, &value))
			value = ~host_value[i];
		check(shared_msrs[i].name, host_value[i], value);
	}
	host_checks++;
	host_failures += !point_ok;
}

static void run_to_sync(struct kvm_vcpu *vcpu)
{
	struct ucall uc;

	vcpu_run(vcpu);
	check_host();
	if (get_ucall(vcpu, &uc) != UCALL_SYNC)
		ksft_exit_fail_msg("unexpected exit %u (%s)\n",
				   vcpu->run->exit_reason,
				   exit_reason_str(vcpu->run->exit_reason));
	if (uc.args[1] == STAGE_EXCEPTION)
		ksft_exit_fail_msg("guest exception %lu at %#lx, error code %#lx\n",
				   uc.args[2], uc.args[3], uc.args[4]);
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

/* The MSRs before and after are none that is ever given a bad value. */
static int set_msrs(struct kvm_vcpu *vcpu, u64 star, enum shared_msr msr,
		    u64 value, u64 syscall_mask)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entries[3];
	} msrs = {
		.header.nmsrs = 3,
		.entries = {
			{ .index = MSR_STAR, .data = star },
			{ .index = shared_msrs[msr].index, .data = value },
			{ .index = MSR_SYSCALL_MASK, .data = syscall_mask },
		},
	};

	return __vcpu_ioctl(vcpu, KVM_SET_MSRS, &msrs.header);
}

static void check_effects(const u64 *expected, const struct observation *seen)
{
	const struct landing *landing = &seen->syscall;
	u64 rflags = RFLAGS_MASKABLE | X86_EFLAGS_FIXED;

	if (step.lands_nowhere) {
		/* No SYSCALL. */
	} else if (!(expected[SHARED_EFER] & EFER_SCE)) {
		check("exception of SYSCALL", UD_VECTOR, landing->vector);
		check("RIP of SYSCALL's exception",
		      (uintptr_t)guest_syscall_insn, landing->rip);
	} else {
		check("RIP after SYSCALL", expected[SHARED_LSTAR], landing->rip);
		check("CS after SYSCALL", expected[SHARED_STAR] >> 32 & 0xffff,
		      landing->cs);
		check("RFLAGS after SYSCALL",
		      rflags & ~expected[SHARED_SYSCALL_MASK], landing->rflags);
	}
	if (config.rdtscp)
		check("RDTSCP", expected[SHARED_TSC_AUX], seen->rdtscp);
	if (config.rdpid)
		check("RDPID", expected[SHARED_TSC_AUX], seen->rdpid);
}

static void check_rdmsrs(const u64 *expected, const struct observation *seen)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		check("exception of RDMSR", config.msr[i] ? NO_VECTOR : GP_VECTOR,
		      seen->fault[i]);
		if (config.msr[i])
			check(shared_msrs[i].name, expected[i], seen->msrs[i]);
	}
}

#define NR_POINTS_PER_STEP 3

static void run_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
		     const struct attempt *attempt, enum way way)
{
	const char *verb = attempt->taken ? "taken" : "refused";
	u64 before[NR_SHARED_MSRS], after[NR_SHARED_MSRS];
	int got[NR_SHARED_MSRS], got_after[NR_SHARED_MSRS];
	u64 expected[NR_SHARED_MSRS];
	int i, r = 0;

	/* KVM_SET_MSRS takes two sets of values. */
	step.n += 2;
	step.by_guest = way == BY_WRMSR;
	step.msr = attempt->msr;
	step.value = attempt->value;
	step.lands_nowhere = attempt->msr == SHARED_LSTAR && attempt->taken;
	sync_global_to_guest(vm, step);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		expected[i] = good_value(i, step.n);
		if (way == BY_IOCTL && config.msr[i])
			vcpu_set_msr(vcpu, shared_msrs[i].index, expected[i]);
		/* TSX_CTRL may be there for the host and not for the guest. */
		got[i] = get_msr(vcpu, i, &before[i]);
	}
	if (way == BY_IOCTL) {
		expected[SHARED_STAR] = good_value(SHARED_STAR, step.n + 1);
		r = set_msrs(vcpu, expected[SHARED_STAR], attempt->msr,
			     attempt->value,
			     good_value(SHARED_SYSCALL_MASK, step.n + 1));
		if (attempt->taken)
			expected[SHARED_SYSCALL_MASK] =
				good_value(SHARED_SYSCALL_MASK, step.n + 1);
	}
	if (attempt->taken)
		expected[attempt->msr] = attempt->reads;

	run_to_sync(vcpu);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		got_after[i] = get_msr(vcpu, i, &after[i]);
	run_to_sync(vcpu);
	sync_global_from_guest(vm, result);

	point_ok = true;
	check("step done by the guest", step.n, result.n);
	if (way == BY_WRMSR)
		check("exception of WRMSR",
		      attempt->taken ? NO_VECTOR : GP_VECTOR, result.fault);
	else
		check("entries set by KVM_SET_MSRS", attempt->taken ? 3 : 1, r);
	ksft_test_result(point_ok, "%s by %s: %s\n", attempt->name,
			 way_names[way], verb);

	point_ok = true;
	for (i = 0; i < 2; i++)
		check_rdmsrs(expected, &result.seen[i]);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		check("entries read by KVM_GET_MSRS", got[i], got_after[i]);
		if (config.msr[i])
			check(shared_msrs[i].name, expected[i], after[i]);
		else if (got[i] == 1)
			check(shared_msrs[i].name, before[i], after[i]);
	}
	ksft_test_result(point_ok, "%s by %s: RDMSR and KVM_GET_MSRS after it was %s\n",
			 attempt->name, way_names[way], verb);

	point_ok = true;
	for (i = 0; i < 2; i++)
		check_effects(expected, &result.seen[i]);
	ksft_test_result(point_ok, "%s by %s: SYSCALL, RDTSCP and RDPID after it was %s\n",
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
	if (msr == SHARED_TSC_AUX && !config.msr[msr]) {
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
	if (!access("/sys/module/kvm_amd", F_OK) &&
	    host_cpu_has(1, 2, 31) && ebx == SIGNATURE_TCG)
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
	u64 efer = config.efer & ~EFER_SCE;
	struct attempt *attempt;

	add_addresses(SHARED_LSTAR, lstar);
	add_addresses(SHARED_CSTAR, cstar);

	/* Without SCE, too: stored or loaded, SYSCALL would raise #UD. */
	add(SHARED_EFER, "bit 9 of EFER", efer | BIT_ULL(9));
	add(SHARED_EFER, "bit 32 of EFER", efer | BIT_ULL(32));
	add(SHARED_EFER, "bit 63 of EFER", efer | BIT_ULL(63));
	add_good(SHARED_EFER, "EFER without SCE", efer);

	add_tsc_aux(intel);

	/* KVM_SET_MSRS goes by what the host has; no CPU has bit 2. */
	attempt = add(SHARED_TSX_CTRL, "TSX_CTRL, which the guest does not have",
		      TSX_CTRL_RTM_DISABLE);
	attempt->by_wrmsr_only = true;
	add(SHARED_TSX_CTRL, "bit 2 of TSX_CTRL",
	    TSX_CTRL_RTM_DISABLE | BIT_ULL(2));
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
		if (attempts[i].msr != SHARED_TSX_CTRL)
			continue;
		attempts[i].skip[BY_WRMSR] = "kvm.ignore_msrs is set";
		attempts[i].skip[BY_IOCTL] = "kvm.ignore_msrs is set";
	}
}

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu)
{
	struct kvm_sregs sregs;
	struct kvm_vm *vm;
	int i;

	vm = vm_create_with_one_vcpu(vcpu, guest_code);
	vm_init_descriptor_tables(vm);
	vcpu_init_descriptor_tables(*vcpu);
	vm_install_syscall_fault_handlers(vm);
	vm_install_exception_handler(vm, GP_VECTOR, guest_gp);

	/* Whatever the CPU has, the guest does not have TSX_CTRL. */
	vcpu_set_msr(*vcpu, MSR_IA32_ARCH_CAPABILITIES, 0);

	vcpu_sregs_get(*vcpu, &sregs);
	config.efer = sregs.efer | EFER_SCE;
	config.rdtscp = kvm_cpu_has(X86_FEATURE_RDTSCP);
	config.rdpid = kvm_cpu_has(X86_FEATURE_RDPID);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		config.msr[i] = i != SHARED_TSX_CTRL;
	config.msr[SHARED_TSC_AUX] = config.rdtscp || config.rdpid;
	sync_global_to_guest(vm, config);

	return vm;
}

static void look_at_host(void)
{
	cpu_set_t cpus;
	int i;

	TEST_ASSERT(!sched_getaffinity(0, sizeof(cpus), &cpus),
		    "sched_getaffinity failed, errno: %i", errno);
	/* Where TSC_AUX is 0, it could pass for one that nobody has set. */
	for (host_cpu = CPU_SETSIZE - 1; !CPU_ISSET(host_cpu, &cpus); host_cpu--)
		;
	host_pin(host_cpu);
	host_gettid(&host_before);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		host_has[i] = host_rdmsr(host_cpu, i, &host_value[i]);
}

static int nr_points(void)
{
	int i, way, points = 1;

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

int main(int argc, char *argv[])
{
	struct kvm_vcpu *vcpu;
	struct kvm_vm *vm;
	int i, way;

	setbuf(stdout, NULL);
	ksft_print_header();
	if (access("/dev/kvm", R_OK | W_OK))
		ksft_exit_skip("no access to /dev/kvm\n");
	/* Others, as PVM, run guests in ring 3, where SYSCALL is another thing. */
	if (access("/sys/module/kvm_intel", F_OK) &&
	    access("/sys/module/kvm_amd", F_OK))
		ksft_exit_skip("neither kvm_intel nor kvm_amd is loaded\n");

	look_at_host();
	vm = create_guest(&vcpu);
	add_attempts(vcpu_get_cpuid_entry(vcpu, 0)->ebx == SIGNATURE_INTEL);
	skip_unsupported_tsx_ctrl();

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	run_to_sync(vcpu);

	ksft_set_plan(nr_points());
	for (i = 0; i < nr_attempts; i++) {
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
	ksft_test_result(host_checks && !host_failures,
			 "the host's user mode sees its own values\n");

	kvm_vm_free(vm);
	ksft_exit(!ksft_get_fail_cnt());
}
