/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of vcpu.h, for the files that make it up. */
#ifndef SHARED_MSRS_GUEST_H
#define SHARED_MSRS_GUEST_H

#include "include/kvm.h"
#include "rules.h"
#include "vcpu.h"
#include "watch.h"

#define SYSCALL BIT(VMX_DEMAND_SYSCALL)
#define TSC_AUX BIT(VMX_DEMAND_TSC_AUX)
#define ALL (SYSCALL | TSC_AUX)
/* What no CPU executes. */
#define GENUINE (~0ul)

/* As many MSRs as vmx_msr_index[] has. */
#define VCPU_MSRS 7

/**
 * struct guest - what a guest has asked for, and nobody else may change
 * @efer: its EFER
 * @cpuid: the features that KVM_SET_CPUID2 gave it
 * @msrs: its shared MSRs, by slot
 * @filtered: its VMM wants to handle each RDMSR, or each WRMSR; 0 if neither
 * @vmcs01: the VMCS as it would be without gates
 * @vmcs02: and the other one
 */
struct guest {
	u64 efer;
	u64 cpuid;
	u64 msrs[VCPU_MSRS];
	u32 filtered;
	struct loaded_vmcs vmcs01;
	struct loaded_vmcs vmcs02;
};

struct vcpus {
	struct kvm kvm[SIM_VCPUS];
	struct vcpu_vmx vmx[SIM_VCPUS];
	struct guest guest[SIM_VCPUS];
};

extern struct vcpus vcpus;

/**
 * struct insn - an instruction of a guest
 * @name: what it is called
 * @bytes: its opcode, as far as it can be read
 * @length: that is, so many bytes
 * @uses: the group whose values it uses, 0, or GENUINE
 * @opens: the gates that its #UD may open
 * @enclave: it is in an enclave, and @bytes are what RIP points to
 * @then: what another vCPU has made of it when KVM reads it, or 0
 */
struct insn {
	const char *name;
	u8 bytes[15];
	unsigned int length;
	unsigned long uses;
	unsigned long opens;
	bool enclave;
	enum vcpu_insn then;
};

extern const struct insn insns[INSNS];

/* What is being executed, to be read by KVM. */
extern const struct insn *insn;

static inline struct sim_cpu *this_cpu(void)
{
	return &sim.cpu[now.cpu];
}

static inline bool is_vcpu(int task)
{
	return task < SIM_VCPUS;
}

static inline bool runs_elsewhere(int cpu, int task)
{
	return sim.cpu[!cpu].task == task;
}

/* vcpu.c: -1 if this CPU does not have it. */
int slot_of(u32 index);

/* vmcs.c */
extern char bitmaps[SIM_VCPUS][4096];
struct loaded_vmcs *current_vmcs(struct vcpu_vmx *vmx);
/* The groups that the guest may execute, and those that hardware lets it now. */
unsigned long allowed(int v);
unsigned long executable(int v);
/* The groups whose gate is closed. */
unsigned long closed(int v);
/* Does the guest write the MSR without a VM-exit? */
bool passes(int v, u32 index);
/* Rule 6: where gates may be closed, and what the guest sees of them. */
void check_gates(int v);
void check_entry(int v);

/* vmx_mirror.c: as in vmx.c and nested.c */
void vmx_prepare_switch_to_guest(struct vcpu_vmx *vmx);
void vmx_prepare_switch_to_host(struct vcpu_vmx *vmx);
void vmx_set_efer(struct vcpu_vmx *vmx, u64 efer);
void vmx_write_secondary_exec_control(struct vcpu_vmx *vmx);
void vmx_vcpu_after_set_cpuid(struct vcpu_vmx *vmx);
void vmx_msr_filter_changed(struct vcpu_vmx *vmx);
void vmx_switch_vmcs(struct vcpu_vmx *vmx, struct loaded_vmcs *vmcs);
void enter_vmx_operation(struct vcpu_vmx *vmx);

/* vcpu_run.c */
void schedule(int cpu, int task);
/* The end of KVM_RUN: its state is the host's again. */
void vcpu_put(int v);
int preempt_ways(void);
void preempt(int way);
/* Until the guest has executed the instruction or has got its #UD. */
void vcpu_run(int v, const struct insn *executed);
/* The guest executes WRMSR. True if KVM is to do it. */
bool vcpu_wrmsr(int v, u32 index, u64 value);

#endif /* SHARED_MSRS_GUEST_H */
