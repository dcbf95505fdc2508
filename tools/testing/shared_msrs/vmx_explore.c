// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explorer of the VMX part: every state that two vCPUs on two CPUs can get
 * into, and every way from one to the next; see search.h and vcpu.h.
 */
#include <assert.h>

#include "include/kvm.h"
#include "search.h"
#include "vcpu.h"

#define LONG_MODE EFER_LMA
#define LONG_SCE (EFER_LMA | EFER_SCE)
#define RDTSCP X86_FEATURE_RDTSCP
#define RTM X86_FEATURE_RTM

/* What a guest and its VMM do: the kinds of steps, and the instructions. */
struct guest_steps {
	unsigned int kinds;
	unsigned int insns;
};

/**
 * struct exploration - what is explored
 * @config: the CPUs and the module
 * @guests: what the vCPUs do
 * @hypervisor: vCPU 0 has executed VMXON
 * @nested: vCPU 1 runs a nested guest all the time
 */
struct exploration {
	struct vcpu_config config;
	struct guest_steps guests[SIM_VCPUS];
	bool hypervisor;
	bool nested;
};

#define RUNS (BIT(VCPU_SWITCH) | BIT(VCPU_RETURN) | BIT(VCPU_RUN))
#define IPI (BIT(VCPU_DISABLE) | BIT(VCPU_ENABLE))
#define MAY_IPI (MAY_DISABLE | MAY_HERE)
#define ONE_GROUP (BIT(INSN_SYSCALL) | BIT(INSN_HLT))
#define TWO_GROUPS (ONE_GROUP | BIT(INSN_RDTSCP))

/*
 * Without gates, as for a nested guest, vCPU 1 loads all that it has whenever
 * it runs, and has no predictor whose states would multiply vCPU 0's.
 */
#define BYSTANDER { RUNS, BIT(INSN_HLT) }

/*
 * All at once would be too many states, so each of these has what can interfere
 * with each other. The predictor is as the module's, but less patient.
 */
static const struct exploration explorations[] = { {
	.config = {
		.name = "two guests, one group, nested",
		.cpus = 2, .demand = true, .load_efer = true,
		.max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = {
		{ RUNS | BIT(VCPU_NEST), ONE_GROUP },
		{ RUNS, ONE_GROUP },
	},
}, {
	.config = {
		.name = "two groups, IPI",
		.cpus = 2, .demand = true, .load_efer = true, .tsc_aux = true,
		.max_eager = 1, .may = MAY_PREEMPT | MAY_IPI,
	},
	.guests = {
		{ RUNS | IPI, TWO_GROUPS | BIT(INSN_UD2) | BIT(INSN_HIDDEN_GENUINE) },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "one group, EFER, WRMSR, IPI",
		.cpus = 2, .demand = true, .hurry = true, .load_efer = true,
		.max_eager = 1, .may = MAY_PREEMPT | MAY_IPI,
	},
	.guests = {
		{ RUNS | IPI | BIT(VCPU_EFER) | BIT(VCPU_WRMSR), ONE_GROUP },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "two groups, EFER, CPUID, nested, one CPU",
		.cpus = 1, .demand = true, .load_efer = true, .tsc_aux = true,
		.max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = {
		{ RUNS | BIT(VCPU_EFER) | BIT(VCPU_CPUID) |
		  BIT(VCPU_CONTROLS) | BIT(VCPU_NEST), TWO_GROUPS },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "one group, a patient predictor",
		.cpus = 2, .demand = true, .load_efer = true,
		.max_eager = 64, .may = MAY_PREEMPT,
	},
	.guests = { { RUNS, ONE_GROUP }, BYSTANDER },
	.nested = true,
}, {
	.config = {
		.name = "no control to load EFER, EFER, one CPU",
		.cpus = 1, .demand = true, .tsc_aux = true,
		.max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = {
		{ RUNS | BIT(VCPU_EFER), BIT(INSN_SYSCALL) | BIT(INSN_RDTSCP) },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "no demand loading, EFER, CPUID, WRMSR, nested, IPI, one CPU",
		.cpus = 1, .load_efer = true, .tsc_aux = true, .tsx = true,
		.max_eager = 1, .may = MAY_PREEMPT | MAY_IPI,
	},
	.guests = {
		{ RUNS | IPI | BIT(VCPU_EFER) | BIT(VCPU_CPUID) |
		  BIT(VCPU_WRMSR) | BIT(VCPU_NEST), TWO_GROUPS },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "pass-through",
		.cpus = 2, .passthrough = true, .hurry = true, .load_efer = true,
		.max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = { { RUNS | BIT(VCPU_WRITE), BIT(INSN_HLT) }, BYSTANDER },
	.nested = true,
}, {
	.config = {
		.name = "pass-through, IPI, one CPU",
		.cpus = 1, .passthrough = true, .hurry = true, .load_efer = true,
		.max_eager = 1, .may = MAY_PREEMPT | MAY_IPI,
	},
	.guests = {
		{ RUNS | IPI | BIT(VCPU_WRITE) | BIT(VCPU_READ), BIT(INSN_HLT) },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "pass-through and gates, filter, nested, one CPU",
		.cpus = 1, .demand = true, .passthrough = true, .hurry = true, .load_efer = true,
		.max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = {
		{ RUNS | BIT(VCPU_WRITE) | BIT(VCPU_FILTER) | BIT(VCPU_NEST), ONE_GROUP },
		BYSTANDER,
	},
	.nested = true,
}, {
	.config = {
		.name = "pass-through, EFER, WRMSR, nested, one CPU",
		.cpus = 1, .passthrough = true, .hurry = true, .load_efer = true,
		.max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = {
		{ RUNS | BIT(VCPU_WRITE) | BIT(VCPU_READ) | BIT(VCPU_WRMSR) |
		  BIT(VCPU_EFER) | BIT(VCPU_NEST), BIT(INSN_HLT) },
		BYSTANDER,
	},
	.hypervisor = true,
	.nested = true,
}, {
	.config = {
		.name = "pass-through, two groups, CPUID, one CPU",
		.cpus = 1, .passthrough = true, .hurry = true, .load_efer = true,
		.tsc_aux = true, .max_eager = 1, .may = MAY_PREEMPT,
	},
	.guests = {
		{ RUNS | BIT(VCPU_WRITE) | BIT(VCPU_CPUID), BIT(INSN_HLT) },
		BYSTANDER,
	},
	.nested = true,
} };

static const struct exploration *exploration;

static struct vcpu_step steps[96];
static int nr_steps;

/* The two values that a guest has for an MSR. */
enum { OWN, OTHER };

/* What is written depends on the VM and on the run. */
static struct vcpu_step step_here(int number)
{
	struct vcpu_step step = steps[number];

	if ((step.kind == VCPU_WRMSR || step.kind == VCPU_WRITE) && step.value <= OTHER)
		step.value = vcpu_value(sim.cpu[step.cpu].task, step.number,
					step.value);
	return step;
}

static void add_step(enum vcpu_step_kind kind, int cpu, u32 number, u64 value)
{
	const struct vcpu_step step = { kind, cpu, number, value };

	assert(nr_steps < (int)ARRAY_SIZE(steps));
	steps[nr_steps++] = step;
}

static void add_steps(int cpu)
{
	int task, number;

	for (task = 0; task < SIM_VCPUS; task++)
		add_step(VCPU_SWITCH, cpu, task, 0);
	add_step(VCPU_SWITCH, cpu, SIM_HOST_TASK + cpu, 0);
	add_step(VCPU_RETURN, cpu, 0, 0);
	for (number = 0; number < INSNS; number++)
		add_step(VCPU_RUN, cpu, number, 0);
	add_step(VCPU_WRMSR, cpu, MSR_LSTAR, OWN);
	add_step(VCPU_WRMSR, cpu, MSR_LSTAR, OTHER);
	add_step(VCPU_WRMSR, cpu, MSR_LSTAR, SIM_RESERVED);
	add_step(VCPU_WRMSR, cpu, MSR_SYSCALL_MASK, SIM_RESERVED);
	add_step(VCPU_WRITE, cpu, MSR_LSTAR, OWN);
	add_step(VCPU_WRITE, cpu, MSR_LSTAR, OTHER);
	add_step(VCPU_WRITE, cpu, MSR_STAR, OTHER);
	add_step(VCPU_WRITE, cpu, MSR_TSC_AUX, OTHER);
	add_step(VCPU_READ, cpu, MSR_LSTAR, 0);
	add_step(VCPU_FILTER, cpu, 0, 0);
	add_step(VCPU_EFER, cpu, 0, LONG_MODE);
	add_step(VCPU_EFER, cpu, 0, LONG_SCE);
	add_step(VCPU_EFER, cpu, 0, LONG_MODE | EFER_NX);
	add_step(VCPU_EFER, cpu, 0, LONG_SCE | EFER_NX);
	add_step(VCPU_CPUID, cpu, 0, 0);
	add_step(VCPU_CPUID, cpu, 0, RDTSCP);
	add_step(VCPU_CPUID, cpu, 0, RDTSCP | RTM);
	add_step(VCPU_CONTROLS, cpu, 0, 0);
	add_step(VCPU_NEST, cpu, 0, 0);
	add_step(VCPU_NEST, cpu, 1, 0);
	add_step(VCPU_DISABLE, cpu, 0, 0);
	add_step(VCPU_ENABLE, cpu, 0, 0);
}

static void start(void)
{
	static const struct vcpu_step vmxon[] = {
		{ VCPU_SWITCH, 0, 0, 0 },
		{ VCPU_NEST, 0, 1, 0 },
		{ VCPU_SWITCH, 0, SIM_HOST_TASK, 0 },
	};
	static const struct vcpu_step nest[] = {
		{ VCPU_SWITCH, 0, 1, 0 },
		{ VCPU_NEST, 0, 0, 0 },
		{ VCPU_SWITCH, 0, SIM_HOST_TASK, 0 },
	};
	size_t i;

	vcpu_start();
	for (i = 0; exploration->hypervisor && i < ARRAY_SIZE(vmxon); i++)
		vcpu_step_take(&vmxon[i]);
	for (i = 0; exploration->nested && i < ARRAY_SIZE(nest); i++)
		vcpu_step_take(&nest[i]);
}

static bool possible(int number)
{
	const struct vcpu_step step = step_here(number);
	const struct guest_steps *guest;
	int task = sim.cpu[step.cpu].task;

	if (step.kind == VCPU_SWITCH && step.number < SIM_VCPUS)
		task = step.number;
	guest = &exploration->guests[task < SIM_VCPUS ? task : 0];
	if (!(guest->kinds & BIT(step.kind)) ||
	    (step.kind == VCPU_RUN && !(guest->insns & BIT(step.number))))
		return false;
	return vcpu_step_possible(&step);
}

static void take(int number)
{
	const struct vcpu_step step = step_here(number);

	vcpu_step_take(&step);
}

static void tell_step(int number)
{
	const struct vcpu_step step = step_here(number);

	vcpu_step_tell(&step);
}

int main(int argc, char **argv)
{
	static struct search vmx = {
		.start = start,
		.possible = possible,
		.take = take,
		.normalize = vcpu_normalize,
		.tell = tell_step,
	};
	size_t i;
	int cpu;

	/* -v: the vCPUs belong to two VMs */
	if (!search_options(argc, argv, "vmx_explore [-v] [-d DEPTH]", "v",
			    &vcpu_two_vms))
		return 2;
	sim_max_events = 1;
	vcpu_snapshot();
	for (cpu = 0; cpu < SIM_CPUS; cpu++)
		add_steps(cpu);
	vmx.nr_steps = nr_steps;
	for (i = 0; i < ARRAY_SIZE(explorations); i++) {
		exploration = &explorations[i];
		vcpu_config = &exploration->config;
		vmx.name = exploration->config.name;
		if (!search(&vmx))
			return 1;
	}
	return 0;
}
