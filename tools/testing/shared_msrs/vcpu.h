/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two VMX vCPUs on the machine: what vmx.c, the scheduler and the guests do to
 * the VMX part, one step at a time.
 */
#ifndef SHARED_MSRS_VCPU_H
#define SHARED_MSRS_VCPU_H

#include "machine.h"

/**
 * struct vcpu_config - what is the same in all of a run
 * @name: of the configuration
 * @cpus: vCPUs run on so many CPUs
 * @demand: the module parameter demand_shared_msrs
 * @load_efer: the CPU has the "load IA32_EFER" controls
 * @tsc_aux: the CPU has TSC_AUX
 * @tsx: the CPU has TSX_CTRL, and the host runs with TSX on
 * @max_eager: no more than so many switch-ins does the predictor wait
 * @may: what may happen at points
 */
struct vcpu_config {
	const char *name;
	int cpus;
	bool demand;
	bool load_efer;
	bool tsc_aux;
	bool tsx;
	u64 max_eager;
	int may;
};

extern const struct vcpu_config *vcpu_config;

enum vcpu_step_kind {
	VCPU_SWITCH,	/* to the task @number */
	VCPU_RETURN,	/* to user mode, and back into the kernel */
	VCPU_RUN,	/* the guest executes the instruction @number */
	VCPU_WRMSR,	/* it writes @value to the MSR @number */
	VCPU_EFER,	/* it sets its EFER to @value */
	VCPU_CPUID,	/* its CPUID becomes @value */
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

/* What guests execute; see the table in vcpu.c. */
enum vcpu_insn {
	INSN_SYSCALL,
	INSN_RDTSCP,
	INSN_UD2,
	INSN_UD0,
	INSN_HLT,
	INSN_SYSRET,
	INSN_RDPID,
	INSN_RDRAND,
	INSN_XGETBV,
	INSN_AAM,
	INSN_PREFIXES,
	INSN_HIDDEN,
	INSN_HALF_HIDDEN,
	INSNS
};

/* Saved and restored with the machine; a multiple of eight bytes. */
#define VCPU_STATE 1024

/* How often a gate was the reason of a #UD; only ever grows. */
extern unsigned long vcpu_faults;

void vcpu_start(void);
void vcpu_save(char state[VCPU_STATE]);
void vcpu_restore(const char state[VCPU_STATE]);
void vcpu_normalize(void);

/* One of the two values that a guest has for an MSR. */
u64 vcpu_value(int v, u32 index, bool other);

bool vcpu_step_possible(const struct vcpu_step *step);
void vcpu_step_take(const struct vcpu_step *step);
void vcpu_step_tell(const struct vcpu_step *step);

/* vmx.c */
void vmx_start(bool demand);

#endif /* SHARED_MSRS_VCPU_H */
