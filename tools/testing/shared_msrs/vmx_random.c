// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two vCPUs on random walks, with every instruction and the module's own
 * predictor; and what that predictor is to cost, and to save, in the long run.
 */
#include <string.h>

#include "guest.h"
#include "seeded.h"

/* As VMX_DEMAND_MAX_EAGER says. */
#define MAX_EAGER 1023
/* Faults until the predictor has become as patient as that: 0, 1, 4, ... */
#define LEARNING 8

#define MAY (MAY_PREEMPT | MAY_DISABLE)

static const struct vcpu_config configs[] = { {
	.name = "all", .cpus = 2, .demand = true, .passthrough = true,
	.load_efer = true, .tsc_aux = true, .tsx = true, .max_eager = MAX_EAGER, .may = MAY,
}, {
	.name = "impatient", .cpus = 2, .demand = true, .passthrough = true, .hurry = true,
	.load_efer = true, .tsc_aux = true, .tsx = true, .max_eager = 4, .may = MAY,
}, {
	.name = "no TSC_AUX, no TSX_CTRL", .cpus = 2, .demand = true, .hurry = true,
	.load_efer = true, .max_eager = MAX_EAGER, .may = MAY,
}, {
	.name = "no control to load EFER", .cpus = 2, .demand = true,
	.passthrough = true, .hurry = true, .tsc_aux = true, .max_eager = MAX_EAGER, .may = MAY,
}, {
	.name = "no demand loading", .cpus = 2, .passthrough = true, .hurry = true,
	.load_efer = true, .tsc_aux = true, .tsx = true, .max_eager = MAX_EAGER, .may = MAY,
} };

#define STEPS_PER_CONFIG 50000

static u64 below(u64 nr)
{
	return seeded_random() % nr;
}

/* Nothing happens at most points. */
static int choose(int nr)
{
	return below(64) ? 0 : below(nr);
}

/* The walk */

static struct vcpu_step random_step(void)
{
	static const u32 msrs[] = {
		MSR_SYSCALL_MASK, MSR_LSTAR, MSR_CSTAR, MSR_TSC_AUX, MSR_STAR,
		MSR_IA32_TSX_CTRL,
	};
	static const u64 efer[] = {
		EFER_SCE, EFER_LMA, EFER_LMA | EFER_SCE, EFER_LMA | EFER_SCE,
		EFER_LMA | EFER_NX, EFER_LMA | EFER_SCE | EFER_NX,
	};
	struct vcpu_step step = { .cpu = below(SIM_CPUS) };

	switch (below(16)) {
	case 0 ... 2:
		step.kind = VCPU_SWITCH;
		step.number = below(SIM_VCPUS + 1);
		if (step.number == SIM_HOST_TASK)
			step.number += step.cpu;
		break;
	case 3 ... 5:
		step.kind = VCPU_RETURN;
		break;
	case 6:
		step.kind = below(3) ? VCPU_WRITE : VCPU_WRMSR;
		step.number = msrs[below(ARRAY_SIZE(msrs))];
		step.value = below(4) ?
			vcpu_value(sim.cpu[step.cpu].task, step.number,
				   below(2)) : SIM_RESERVED;
		break;
	case 7:
		step.kind = VCPU_EFER;
		step.value = efer[below(ARRAY_SIZE(efer))];
		break;
	case 8:
		step.kind = VCPU_CPUID;
		step.value = X86_FEATURE_RDTSCP;
		if (!below(4))
			step.value |= X86_FEATURE_RDPID;
		if (!below(4))
			step.value |= X86_FEATURE_RTM;
		if (!below(4))
			step.value &= ~X86_FEATURE_RDTSCP;
		break;
	case 9:
		/* Half of the time in each VMCS, but long enough in one. */
		step.kind = below(4) ? VCPU_RETURN : VCPU_NEST;
		step.number = step.kind == VCPU_NEST && below(2);
		break;
	case 10:
		step.kind = below(2) ? VCPU_CONTROLS :
			    below(2) ? VCPU_FILTER : VCPU_READ;
		step.number = msrs[below(ARRAY_SIZE(msrs))];
		break;
	case 11:
		step.kind = VCPU_ENABLE;
		break;
	default:
		step.kind = VCPU_RUN;
		step.number = below(INSNS);
		break;
	}
	return step;
}

static void walk(unsigned long steps, unsigned long tell)
{
	unsigned long started = 0;

	sim_hooks.choose = choose;
	for (seeded_taken = 0; seeded_taken < steps;) {
		struct vcpu_step step;

		seeded_tell(tell);
		if (seeded_taken == started * STEPS_PER_CONFIG) {
			vcpu_config = &configs[started++ % ARRAY_SIZE(configs)];
			vcpu_two_vms = below(2);
			sim_alike = below(2);
			vcpu_start();
		}
		step = random_step();
		if (!vcpu_step_possible(&step))
			continue;
		vcpu_step_tell(&step);
		vcpu_step_take(&step);
		seeded_taken++;
	}
}

/* The predictor */

static unsigned long trips_taken, faults, writes;

static void begin_with(bool two_vms, bool passthrough)
{
	static struct vcpu_config config = {
		.name = "predictor", .cpus = 1, .demand = true,
		.load_efer = true, .tsc_aux = true, .max_eager = MAX_EAGER,
	};
	const struct vcpu_step step = { VCPU_SWITCH, 0, 0, 0 };

	config.passthrough = passthrough;
	vcpu_config = &config;
	vcpu_two_vms = two_vms;
	sim_alike = false;
	vcpu_start();
	vcpu_step_take(&step);
	faults = vcpu_faults;
	writes = sim_writes;
}

static void begin(void)
{
	begin_with(false, true);
}

/* A trip to user mode, and an instruction in the guest. */
static void trips(int nr, enum vcpu_insn insn)
{
	const struct vcpu_step back = { VCPU_RETURN, 0, 0, 0 };
	const struct vcpu_step run = { VCPU_RUN, 0, insn, 0 };

	while (nr--) {
		vcpu_step_take(&run);
		vcpu_step_take(&back);
		trips_taken++;
	}
}

/* The guest blocks in the kernel before it executes the instruction. */
static void blocked_trips(int nr, enum vcpu_insn insn)
{
	const struct vcpu_step steps[] = {
		{ VCPU_RUN, 0, INSN_HLT, 0 },
		{ VCPU_SWITCH, 0, SIM_HOST_TASK, 0 },
		{ VCPU_SWITCH, 0, 0, 0 },
		{ VCPU_RUN, 0, insn, 0 },
		{ VCPU_RETURN, 0, 0, 0 },
	};
	size_t i;

	for (; nr--; trips_taken++) {
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			vcpu_step_take(&steps[i]);
	}
}

/* The guest enters its own guest in each trip. */
static void nested_trips(int nr)
{
	const struct vcpu_step steps[] = {
		{ VCPU_RUN, 0, INSN_HLT, 0 },
		{ VCPU_NEST, 0, 0, 0 },
		{ VCPU_RUN, 0, INSN_HLT, 0 },
		{ VCPU_NEST, 0, 0, 0 },
		{ VCPU_RETURN, 0, 0, 0 },
	};
	size_t i;

	for (; nr--; trips_taken++) {
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			vcpu_step_take(&steps[i]);
	}
}

/* The values stay, and the guest writes one of them: the CPU holds it anyway. */
static void hold(void)
{
	struct vcpu_step steps[] = {
		{ VCPU_RUN, 0, INSN_SYSCALL, 0 },
		{ VCPU_WRMSR, 0, MSR_STAR, 0 },
		{ VCPU_SWITCH, 0, SIM_HOST_TASK, 0 },
		{ VCPU_SWITCH, 0, 0, 0 },
		{ VCPU_RUN, 0, INSN_SYSCALL, 0 },
	};
	size_t i;

	steps[1].value = vcpu_value(0, MSR_STAR, true);
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		vcpu_step_take(&steps[i]);
}

/* Another vCPU, which loads TSC_AUX alone. */
static void lend(void)
{
	static const struct vcpu_step steps[] = {
		{ VCPU_SWITCH, 0, 1, 0 },
		{ VCPU_RUN, 0, INSN_RDTSCP, 0 },
		{ VCPU_SWITCH, 0, 0, 0 },
		{ VCPU_RUN, 0, INSN_SYSCALL, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		vcpu_step_take(&steps[i]);
}

static void expect(const char *what, unsigned long max_faults,
		   unsigned long max_writes)
{
	faults = vcpu_faults - faults;
	writes = sim_writes - writes;
	printf("predictor: %s: %lu faults, %lu WRMSRs\n", what, faults, writes);
	if (faults > max_faults || writes > max_writes)
		violation(0, "%s: %lu faults and %lu WRMSRs, but %lu and %lu are enough",
			  what, faults, writes, max_faults, max_writes);
}

static void predictor(void)
{
	const int nr = 64 * 1024;
	u64 gates;
	int i;

	begin();
	trips(nr, INSN_HLT);
	expect("uses nothing", 0, 0);

	begin();
	trips(nr, INSN_SYSCALL);
	expect("SYSCALL every time", nr / 1024 + LEARNING, nr * 6ul);

	begin();
	trips(nr, INSN_RDTSCP);
	expect("RDTSCP every time", nr / 1024 + LEARNING, nr * 2ul);

	begin();
	blocked_trips(nr, INSN_SYSCALL);
	expect("SYSCALL every time, after a HLT", nr / 1024 + LEARNING, nr * 6ul);

	begin();
	nested_trips(nr);
	gates = vcpus.vmx[0].vcpu.stat.shared_msr_gated;
	if (gates > nr / 1024 + LEARNING)
		violation(0, "%llu gates are closed for a hypervisor", gates);
	expect("a nested guest every time", 0, nr * 8ul);

	begin();
	for (i = 0; i < nr / 16; i++) {
		trips(15, INSN_HLT);
		trips(1, INSN_SYSCALL);
	}
	expect("SYSCALL once in 16 times", nr / 16, nr / 16 * 6ul);

	begin();
	trips(nr, INSN_SYSCALL);
	trips(MAX_EAGER + 1, INSN_HLT);
	faults = vcpu_faults;
	writes = sim_writes;
	trips(nr, INSN_HLT);
	expect("no SYSCALL any more", 0, 0);

	/* One fault, three values and one that is written; then the host's. */
	begin();
	hold();
	expect("SYSCALL, and again after a kernel thread", 1, 4);
	begin();
	hold();
	lend();
	expect("SYSCALL, and again after another guest's RDTSCP", 2, 5);
	begin();
	hold();
	trips(nr, INSN_HLT);
	expect("SYSCALL while the CPU holds the values", 1, 7);
}

static const u32 syscall_msrs[3] = { MSR_STAR, MSR_LSTAR, MSR_SYSCALL_MASK };
static const u32 tsc_aux[3] = { MSR_TSC_AUX, MSR_TSC_AUX, MSR_TSC_AUX };

/* The guest writes a group's MSRs; returns how many of the WRMSRs exit. */
static unsigned long write_msrs(const u32 msrs[3], int nr, bool other)
{
	unsigned long exits = vcpu_wrmsr_exits;
	int i;

	for (i = 0; i < nr; i++) {
		struct vcpu_step write = { VCPU_WRITE, 0, msrs[i % 3], 0 };

		write.value = vcpu_value(0, msrs[i % 3], other);
		vcpu_step_take(&write);
	}
	return vcpu_wrmsr_exits - exits;
}

static unsigned long writing_trips(int nr, int writes)
{
	const struct vcpu_step back = { VCPU_RETURN, 0, 0, 0 };
	unsigned long exits = 0;
	int trip;

	for (trip = 0; trip < nr; trip++) {
		exits += write_msrs(syscall_msrs, writes, trip % 2);
		trips(!writes, INSN_HLT);
		vcpu_step_take(&back);
	}
	return exits;
}

/* VMXON, and a nested VM-entry that fails. */
static void become_hypervisor(void)
{
	const struct vcpu_step nest = { VCPU_NEST, 0, 1, 0 };

	vcpu_step_take(&nest);
}

/* A hypervisor, of whose secrets none is compared, writes one group and then the other. */
static void both_groups(void)
{
	const struct vcpu_step read = { VCPU_READ, 0, MSR_LSTAR, 0 };

	become_hypervisor();
	write_msrs(syscall_msrs, 17, false);
	write_msrs(syscall_msrs, 17, true);
	write_msrs(tsc_aux, 17, true);
	vcpu_step_take(&read);
	if (write_msrs(syscall_msrs, 3, false) || write_msrs(tsc_aux, 1, false))
		violation(0, "WRMSRs of one group exit since the other is passed through");
}

/* Without EFER.SCE one group ends. It can be earned again at once, and the other goes on. */
static void one_group_ends(void)
{
	static const struct vcpu_step steps[] = {
		{ VCPU_EFER, 0, 0, EFER_LMA },
		{ VCPU_EFER, 0, 0, EFER_LMA | EFER_SCE },
	};

	write_msrs(syscall_msrs, 17, true);
	write_msrs(tsc_aux, 17, true);
	vcpu_step_take(&steps[0]);
	vcpu_step_take(&steps[1]);
	if (write_msrs(tsc_aux, 1, false))
		violation(0, "WRMSRs of one group exit since the other has ended");
	if (write_msrs(syscall_msrs, 17, false) != 16)
		violation(0, "a group that has ended is not earned again");
}

/* The group of SYSCALL is earned, and stays, while nested guests without EFER.SCE run. */
static void nested_guest_without_sce(void)
{
	static const struct vcpu_step steps[] = {
		{ VCPU_NEST, 0, 0, 0 },
		{ VCPU_EFER, 0, 0, EFER_LMA },
		{ VCPU_EFER, 0, 0, EFER_LMA | EFER_SCE },
		{ VCPU_NEST, 0, 0, 0 },
	};
	unsigned long exits = 0;
	size_t i, run;

	become_hypervisor();
	for (run = 0; run < 4; run++) {
		exits += write_msrs(syscall_msrs, 9, true);
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			vcpu_step_take(&steps[i]);
	}
	if (exits != 16)
		violation(0, "a nested guest without EFER.SCE takes pass-through away");
}

/* From one nested VM-exit to the next, a nested guest's EFER costs its hypervisor nothing. */
static void nested_efer(void)
{
	static const struct vcpu_step steps[] = {
		{ VCPU_RUN, 0, INSN_SYSCALL, 0 },
		{ VCPU_NEST, 0, 0, 0 },
		{ VCPU_EFER, 0, 0, EFER_LMA },
		{ VCPU_RUN, 0, INSN_HLT, 0 },
		{ VCPU_EFER, 0, 0, EFER_LMA | EFER_SCE },
		{ VCPU_NEST, 0, 0, 0 },
	};
	const struct vmx_demand *demand = &vcpus.vmx[0].demand;
	s64 loads;
	size_t i;

	become_hypervisor();
	vcpu_step_take(&steps[0]);
	loads = vmx_demand_loads(demand);
	for (i = 1; i < ARRAY_SIZE(steps); i++)
		vcpu_step_take(&steps[i]);
	if (vmx_demand_loads(demand) != loads)
		violation(0, "a nested guest without EFER.SCE has values loaded %lld times",
			  (long long)(vmx_demand_loads(demand) - loads));
}

/* KVM writes the host's value, so that the slot is clean, and then the guest another. */
static void hosts_value(void)
{
	const struct vcpu_step back = { VCPU_RETURN, 0, 0, 0 };
	struct vcpu_step star = { VCPU_WRMSR, 0, MSR_STAR, 0 };

	write_msrs(syscall_msrs, 17, true);
	vcpu_step_take(&back);
	write_msrs(syscall_msrs, 3, true);
	star.value = vcpu_value(0, MSR_STAR, false);
	vcpu_step_take(&star);
	write_msrs(syscall_msrs, 1, true);
	vcpu_step_take(&back);
}

/* Neither who wants to handle WRMSR nor who wants to handle RDMSR misses any. */
static void filtered(void)
{
	const struct vcpu_step filter = { VCPU_FILTER, 0, 0, 0 };
	int i;

	for (i = 0; i < 2; i++) {
		vcpu_step_take(&filter);
		if (write_msrs(syscall_msrs, 17, i) != 17)
			violation(0, "an MSR is passed through that is filtered");
	}
}

/* A value that the CPU refuses stays what the guest reads. */
static void refused_value(void)
{
	static const struct vcpu_step steps[] = {
		{ VCPU_EFER, 0, 0, EFER_LMA },
		{ VCPU_WRMSR, 0, MSR_LSTAR, SIM_RESERVED },
		{ VCPU_EFER, 0, 0, EFER_LMA | EFER_SCE },
	};
	static const u32 star[3] = { MSR_STAR, MSR_STAR, MSR_STAR };
	const struct vcpu_step back = { VCPU_RETURN, 0, 0, 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		vcpu_step_take(&steps[i]);
	if (write_msrs(star, 17, true) != 17)
		violation(0, "a group is passed through of which a value is refused");
	vcpu_step_take(&back);
}

/* What it writes once it is a hypervisor another vCPU of its VM must not take for its own. */
static void passed_before_vmxon(void)
{
	struct vcpu_step guess = { VCPU_WRITE, 0, MSR_LSTAR, 0 };
	const struct vcpu_step other = { VCPU_SWITCH, 0, 1, 0 };

	write_msrs(syscall_msrs, 17, true);
	become_hypervisor();
	guess.value = vcpu_value(1, MSR_LSTAR, false);
	vcpu_step_take(&guess);
	vcpu_step_take(&other);
	sim_preempt_disable();
	if (kvm_hold_shared_msrs(&vcpus.vmx[1].shared_msrs.set,
				 BIT(slot_of(MSR_LSTAR))))
		violation(7, "a vCPU is said to hold what a nested guest has written");
	sim_preempt_enable();
}

/* What KVM writes, as for an ioctl or from a nested guest's list, passes nothing through. */
static void kvm_writes(void)
{
	struct vcpu_step write = { VCPU_WRMSR, 0, MSR_LSTAR, 0 };
	const struct vcpu_step run = { VCPU_RUN, 0, INSN_SYSCALL, 0 };
	int i;

	vcpu_step_take(&run);
	for (i = 0; i < 16; i++) {
		write.value = vcpu_value(0, MSR_LSTAR, i % 2);
		vcpu_step_take(&write);
	}
	if (write_msrs(syscall_msrs, 3, true) != 3)
		violation(0, "a group is passed through that KVM has written");
}

/* Who writes often has no exits, who no longer does has them again. */
static void passthrough(void)
{
	const int nr = 1024;

	begin();
	if (writing_trips(nr, 15) != nr * 15ul)
		violation(0, "15 WRMSRs in a trip do not all exit");
	begin();
	if (writing_trips(nr, 17) != nr / 64 * 16ul)
		violation(0, "17 WRMSRs in each trip do not exit 16 times in 64 trips");
	begin();
	both_groups();
	begin();
	one_group_ends();
	begin();
	nested_guest_without_sce();
	begin();
	nested_efer();
	begin();
	passed_before_vmxon();
	begin();
	kvm_writes();
	begin();
	filtered();
	begin();
	vcpus.kvm[0].arch.user_space_msr_mask = KVM_MSR_EXIT_REASON_INVAL;
	if (writing_trips(2, 17) != 34)
		violation(0, "an MSR is passed through whose VMM wants to hear of #GP");
	begin_with(false, false);
	if (writing_trips(2, 17) != 34)
		violation(0, "an MSR is passed through though the module must not");
	begin_with(true, true);
	hosts_value();
	begin();
	refused_value();
}

/* How many WRMSRs the guest's second WRMSR of the same value takes. */
static unsigned long equal_writes(u32 index, bool vmxon)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[0];
	struct kvm_shared_msr *msr = vmx_find_shared_msr(vmx, index);
	u64 value = vcpu_value(0, index, true);
	unsigned long before;

	if (vmxon) {
		enter_vmx_operation(vmx);
		sim.owners[0] = 0;
	}
	vmx_set_guest_shared_msr(vmx, msr, value);
	vcpus.guest[0].msrs[slot_of(index)] = value;
	before = sim_writes;
	vmx_set_guest_shared_msr(vmx, msr, value);
	return sim_writes - before;
}

/*
 * What a hypervisor writes for its guests is not compared with its own value, be
 * it the first that runs on a CPU or not.
 */
static void hypervisor(void)
{
	static const u32 secrets[] = { MSR_LSTAR, MSR_TSC_AUX };
	static const struct vcpu_step move[] = {
		{ VCPU_SWITCH, 0, SIM_HOST_TASK, 0 },
		{ VCPU_SWITCH, 1, 0, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(secrets); i++) {
		begin();
		if (equal_writes(secrets[i], false) || !equal_writes(secrets[i], true))
			violation(7, "a hypervisor's MSR 0x%x is compared", secrets[i]);
		vcpu_step_take(&move[0]);
		vcpu_step_take(&move[1]);
		if (!equal_writes(secrets[i], true))
			violation(7, "the first hypervisor's MSR 0x%x is compared",
				  secrets[i]);
		sim_preempt_disable();
		if (kvm_hold_shared_msrs(&vcpus.vmx[0].shared_msrs.set,
					 BIT(slot_of(secrets[i]))))
			violation(7, "a hypervisor is said to hold MSR 0x%x",
				  secrets[i]);
		sim_preempt_enable();
	}
}

/* Nothing is active that the CPU does not have. */
static void no_msrs(void)
{
	static const struct vcpu_config config = { .name = "no MSRs" };
	struct vcpu_vmx *vmx = &vcpus.vmx[0];

	core_start();
	sim_start();
	memset(vmx, 0, sizeof(*vmx));
	vcpu_config = &config;
	vmx_setup_shared_msrs(vmx, false);
	if (vmx->shared_msrs.active)
		violation(0, "shared MSRs are active on a CPU that has none");
}

/* A bug in a caller must not open gates in the wrong VMCS unnoticed. */
static void opened_late(void)
{
	const struct vcpu_step run = { VCPU_RUN, 0, INSN_HLT, 0 };
	struct vcpu_vmx *vmx = &vcpus.vmx[0];

	begin();
	vcpu_step_take(&run);
	vmx->loaded_vmcs = &vmx->vmcs02;
	memset(&now, 0, sizeof(now));
	now.may_warn = true;
	vmx_demand_open_gates(vmx);
	if (now.warnings != 1)
		violation(6, "nobody hears of gates that are opened while vmcs02 is current");
}

int main(int argc, char **argv)
{
	int status = seeded("vmx_random", argc, argv, walk);

	if (status)
		return status;
	printf("vmx_random: %lu faults\n", vcpu_faults);
	if (setjmp(report_violated)) {
		printf("vmx_random: violation after %lu trips of the predictor:\n  %s\n",
		       trips_taken, report_violation);
		return 1;
	}
	predictor();
	passthrough();
	hypervisor();
	opened_late();
	no_msrs();
	return 0;
}
