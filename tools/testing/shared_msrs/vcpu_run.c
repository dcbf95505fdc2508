// SPDX-License-Identifier: GPL-2.0-only
/* The scheduler, with KVM's preempt notifiers; and KVM_RUN. */
#include <string.h>

#include "guest.h"

unsigned long vcpu_faults;
unsigned long vcpu_wrmsr_exits;
bool vcpu_wrmsr_exited;

/* How often its vCPU was switched out while a group's gate was open. */
static int excuses[VMX_NR_DEMAND_GROUPS];
/* Even if that happens each time, the predictor gives in. */
#define MAX_FAULTS 4

void vcpu_put(int v)
{
	this_cpu()->preempt_count++;
	vmx_prepare_switch_to_host(&vcpus.vmx[v]);
	this_cpu()->preempt_count--;
}

void schedule(int cpu, int task)
{
	int old = sim.cpu[cpu].task;

	if (is_vcpu(old))
		vcpu_put(old);
	sim_switch(cpu, task);
}

enum exit { EXIT_NONE, EXIT_UD, EXIT_OTHER };

/* VM-exit loads the host's EFER from a list if VM-entry loads the guest's. */
static enum exit execute(int v)
{
	unsigned long groups = executable(v);

	if (vcpus.vmx[v].efer_listed)
		this_cpu()->msr[slot_of(MSR_EFER)] =
			this_cpu()->host[slot_of(MSR_EFER)];
	return insn->uses & ~groups ? EXIT_UD : EXIT_OTHER;
}

/*
 * Each time that the guest is switched in behind a gate counts, even if the gate
 * changes nothing because the guest itself has cleared EFER.SCE.
 */
static void switch_in(int v)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[v];
	u64 gated = vmx->vcpu.stat.shared_msr_gated;
	bool switched_in = !vmx->guest_state_loaded;

	vmx_prepare_switch_to_guest(vmx);
	if (vmx->vcpu.stat.shared_msr_gated - gated !=
	    (switched_in && (closed(v) || vmx->demand.gated)))
		violation(0, "a closed gate of vCPU %d is not counted, or an open one is",
			  v);
}

/* No VM-entry succeeds once virtualization is disabled. */
static enum exit vcpu_enter_guest(int v)
{
	enum exit exit = EXIT_NONE;
	unsigned long flags;

	sim_preempt_disable();
	switch_in(v);
	flags = sim_irq_save();
	if (this_cpu()->enabled) {
		check_entry(v);
		exit = execute(v);
		observe("the guest's instruction ends in", exit);
	}
	/* A VM-entry that fails counts as well. */
	vcpus.vmx[v].vcpu.stat.exits++;
	sim_irq_restore(flags);
	sim_preempt_enable();
	return exit;
}

bool vcpu_wrmsr(int v, u32 index, u64 value)
{
	int slot = slot_of(index);
	bool exits = false;
	unsigned long flags;

	sim_preempt_disable();
	switch_in(v);
	flags = sim_irq_save();
	if (this_cpu()->enabled) {
		check_entry(v);
		exits = !passes(v, index);
		observe("WRMSR exits", exits);
	}
	if (this_cpu()->enabled && !exits && !(value & SIM_RESERVED)) {
		vcpus.guest[v].msrs[slot] = value;
		this_cpu()->msr[slot] = value;
		this_cpu()->want[slot] = value;
		this_cpu()->unread |= 1u << slot;
	}
	vcpus.vmx[v].vcpu.stat.exits++;
	vcpu_wrmsr_exits += exits;
	vcpu_wrmsr_exited = exits;
	sim_irq_restore(flags);
	sim_preempt_enable();
	return exits;
}

enum { OTHER_THREAD, OTHER_PROCESS, OTHER_VCPU, OTHER_CPU, OTHERS };

/* Another vCPU can take the place only if it is not running elsewhere. */
static int ways(int which[OTHERS])
{
	int v = this_cpu()->task, nr = 0;

	which[nr++] = OTHER_THREAD;
	which[nr++] = OTHER_PROCESS;
	if (vcpu_config->cpus > 1)
		which[nr++] = OTHER_CPU;
	if (!runs_elsewhere(now.cpu, !v))
		which[nr++] = OTHER_VCPU;
	return nr;
}

int preempt_ways(void)
{
	int which[OTHERS];

	return is_vcpu(this_cpu()->task) ? ways(which) : 0;
}

void preempt(int way)
{
	int v = this_cpu()->task, which[OTHERS], cpu = now.cpu;
	const struct insn *interrupted = insn;
	int group;

	ways(which);
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++)
		excuses[group] += !(closed(v) & BIT(group));
	schedule(cpu, SIM_HOST_TASK + cpu);
	switch (which[way]) {
	case OTHER_THREAD:
		tell("       a kernel thread runs\n");
		break;
	case OTHER_PROCESS:
		tell("       another task returns to user mode\n");
		sim_return_to_user();
		break;
	case OTHER_VCPU:
		tell("       vCPU %d runs\n", !v);
		schedule(cpu, !v);
		insn = &insns[INSN_HLT];
		vcpu_enter_guest(!v);
		insn = interrupted;
		schedule(cpu, SIM_HOST_TASK + cpu);
		break;
	case OTHER_CPU:
		tell("       vCPU %d continues on CPU %d\n", v, !cpu);
		now.cpu = !cpu;
		break;
	}
	schedule(now.cpu, v);
}

/*
 * True if the instruction is to be executed again. Each gate that its #UD
 * opens is one that it finds closed once, and not again unless the vCPU was
 * switched out meanwhile with that gate open. An instruction that opens none is
 * executed again only once in a row, as it may have been another before.
 */
static bool handle_exception_nmi(int v, int opened[VMX_NR_DEMAND_GROUPS],
				 bool *retried)
{
	struct kvm_vcpu *vcpu = &vcpus.vmx[v].vcpu;
	u64 faults = vcpu->stat.shared_msr_faults;
	unsigned long before = closed(v), groups;
	int group;

	if (!vmx_demand_fault(vcpu))
		return false;

	tell("       #UD, and executed again\n");
	groups = before & ~closed(v);
	if (!groups) {
		if (*retried || vcpu->stat.shared_msr_faults != faults)
			violation(6, "%s is executed again, and no gate was opened",
				  insn->name);
		*retried = true;
		if (insn->then)
			insn = &insns[insn->then];
		return true;
	}
	if (vcpu->stat.shared_msr_faults != faults + 1)
		violation(0, "a fault of vCPU %d is not counted", v);
	vcpu_faults++;
	*retried = false;
	if (groups & ~insn->opens)
		violation(6, "%s opens a gate that it does not need", insn->name);
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (groups & BIT(group) &&
		    opened[group]++ > min(excuses[group], MAX_FAULTS - 1))
			violation(6, "%s raises #UD for KVM again and again",
				  insn->name);
	}
	return true;
}

void vcpu_run(int v, const struct insn *executed)
{
	int opened[VMX_NR_DEMAND_GROUPS] = {};
	bool retried = false, wanted;
	enum exit exit;

	insn = executed;
	memset(excuses, 0, sizeof(excuses));
	do {
		exit = vcpu_enter_guest(v);
	} while (exit == EXIT_UD && handle_exception_nmi(v, opened, &retried));

	wanted = !(insn->uses & ~allowed(v));
	if (exit == EXIT_OTHER && !wanted)
		violation(6, "vCPU %d executes %s, which it must not", v,
			  insn->name);
	if (exit == EXIT_UD && wanted)
		violation(6, "vCPU %d gets a #UD for %s that is not its own", v,
			  insn->name);
	insn = NULL;
}
