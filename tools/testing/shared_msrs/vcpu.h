/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two VMX vCPUs on the simulator: what vmx.c, the scheduler and the guests do to
 * the VMX part, one step at a time.
 */
#ifndef SHARED_MSRS_VCPU_H
#define SHARED_MSRS_VCPU_H

#include "simulator.h"

/**
 * struct vcpu_config - what is the same in all of a run
 * @name: of the configuration
 * @cpus: vCPUs run on so many CPUs
 * @demand: the module parameter demand_shared_msrs
 * @passthrough: the module parameter passthrough_shared_msrs
 * @load_efer: the CPU has the "load IA32_EFER" controls
 * @tsc_aux: the CPU has TSC_AUX
 * @tsx: the CPU has TSX_CTRL, and the host runs with TSX on
 * @hurry: for pass-through one WRMSR counts as fifteen, and one switch-out as 63
 * @max_eager: for at most so many loads the predictor leaves a gate open
 * @may: what may happen at points
 */
struct vcpu_config {
	const char *name;
	int cpus;
	bool demand;
	bool passthrough;
	bool load_efer;
	bool tsc_aux;
	bool tsx;
	bool hurry;
	u64 max_eager;
	int may;
};

extern const struct vcpu_config *vcpu_config;

/*
 * The vCPUs belong to two VMs, whose guests know the constants of the host's
 * kernel and have the same values; the secret ones they have if sim_alike is set.
 */
extern bool vcpu_two_vms;

enum vcpu_step_kind {
	VCPU_SWITCH,	/* to the task @number */
	VCPU_RETURN,	/* to user mode, and back into the kernel */
	VCPU_RUN,	/* the guest executes the instruction @number */
	VCPU_WRMSR,	/* KVM writes @value to its MSR @number */
	VCPU_WRITE,	/* it executes WRMSR: the same, if that has a VM-exit */
	VCPU_READ,	/* KVM reads its MSR @number */
	VCPU_FILTER,	/* its VMM wants to handle its MSR accesses, or no longer */
	VCPU_EFER,	/* it sets its EFER to @value */
	VCPU_CPUID,	/* its CPUID becomes @value */
	VCPU_CONTROLS,	/* KVM computes the secondary controls anew */
	VCPU_NEST,	/* VM-entry or VM-exit of a nested guest, which fails if @number is 1 */
	VCPU_DISABLE,	/* an IPI disables virtualization */
	VCPU_ENABLE,
};

struct vcpu_step {
	enum vcpu_step_kind kind;
	int cpu;
	u32 number;
	u64 value;
};

/* What guests execute; see the table in guest.c. */
enum vcpu_insn {
	INSN_SYSCALL,
	INSN_RDTSCP,
	INSN_UD2,
	INSN_HLT,
	INSN_SYSRET,
	INSN_RDPID,
	INSN_RDSEED,
	INSN_SENDUIPI,
	INSN_XGETBV,
	INSN_AAM,
	INSN_LOCK,
	INSN_PREFIXES,
	INSN_HIDDEN,
	INSN_HALF_HIDDEN,
	INSN_HIDDEN_GENUINE,
	INSN_ENCLAVE,
	INSN_REWRITTEN,
	INSNS
};

/* How many WRMSRs of guests had a VM-exit; counts for ever. */
extern unsigned long vcpu_wrmsr_exits;
/* The last VM-exit was that of a WRMSR. */
extern bool vcpu_wrmsr_exited;
/* How often a gate was the reason of a #UD; counts for ever. */
extern unsigned long vcpu_faults;

void vcpu_start(void);
/* Makes all that belongs to them part of the state. */
void vcpu_snapshot(void);
void vcpu_normalize(void);

/* One of the two values that a guest has for an MSR. */
u64 vcpu_value(int v, u32 index, bool other);

bool vcpu_step_possible(const struct vcpu_step *step);
void vcpu_step_take(const struct vcpu_step *step);
void vcpu_step_tell(const struct vcpu_step *step);

/* vmx.c */
void vmx_start(bool demand, bool passthrough);

#endif /* SHARED_MSRS_VCPU_H */
