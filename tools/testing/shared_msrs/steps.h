/* SPDX-License-Identifier: GPL-2.0-only */
/* What may happen to the core, one step at a time. */
#ifndef SHARED_MSRS_STEPS_H
#define SHARED_MSRS_STEPS_H

#include "core.h"

/*
 * A task that is killed in the kernel is one that is never switched to again,
 * and a migration is a switch to a task that was on the other CPU.
 */
enum step_kind {
	STEP_LOAD,	/* the module, with @number shared MSRs */
	STEP_UNLOAD,
	STEP_ENABLE,	/* virtualization, by an IPI */
	STEP_DISABLE,
	STEP_OFFLINE,	/* the CPU */
	STEP_ONLINE,	/* it boots with the host values @value */
	STEP_SWITCH,	/* to the task @number */
	STEP_RETURN,	/* to user mode, and back into the kernel */
	STEP_SET,	/* slot @number to @value under @mask */
	STEP_RUN,	/* a vCPU: the set @number of its values, unless it is loaded */
	STEP_KINDS
};

/* The sets of values that a vCPU runs with. */
enum step_set {
	SET_ALL,
	SET_FIRST_SLOT,
	/* All, but the hardware takes only slot 0's, which is the host's. */
	SET_REFUSED,
	SETS
};

struct step {
	enum step_kind kind;
	int cpu;
	int number;
	u64 value;
	u64 mask;
};

/*
 * The values of a slot. Those of a secret MSR are four values of the VM's own, all
 * of them whole; see sim_alike.
 */
enum step_value {
	VALUE_WHOLE,
	VALUE_MASKED,	/* some bits, under a mask that hides a reserved one */
	VALUE_HOSTS,
	VALUE_REFUSED,
	VALUES
};

/* The vCPUs belong to two VMs, not to one. */
extern bool step_two_vms;
/*
 * No IPI comes to the other CPU in the middle of a step: as CPUs share nothing
 * but the table, that is what comes before or after the step.
 */
extern bool step_here_only;

struct kvm_shared_msr step_value(int vcpu, int slot, enum step_value value);
/* Fills in the values of a set; returns the bit mask of its slots. */
unsigned long step_run_set(int vcpu, enum step_set set,
			   struct kvm_shared_msr msrs[KVM_NR_SHARED_MSRS]);
/* A CPU's host values. */
u64 step_host_value(int cpu, int msr, u64 variant);

/* The start: two CPUs, no module. */
void step_start(void);
/* Makes what the steps change part of the state. */
void step_snapshot(void);
/* For a search. */
void step_normalize(void);
bool step_possible(const struct step *step);
/* Returns what kvm_set_shared_msr() returned, or 0. */
int step_take(const struct step *step);
void step_tell(const struct step *step);

#endif /* SHARED_MSRS_STEPS_H */
