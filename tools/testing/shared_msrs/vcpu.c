// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two vCPUs: the hardware that they see, and what vmx.c and the scheduler do to
 * the VMX part.  Functions that have the name of one of vmx.c's do what the
 * semantic patches of this series put there, and slips of those fit here, too.
 */
#include <assert.h>
#include <string.h>

#include "include/kvm.h"
#include "vcpu.h"

#define SYSCALL BIT(VMX_DEMAND_SYSCALL)
#define TSC_AUX BIT(VMX_DEMAND_TSC_AUX)
#define ALL (SYSCALL | TSC_AUX)
/* What no CPU executes. */
#define GENUINE (~0ul)

/* A host in long mode that has system calls. */
#define HOST_EFER 0xd01

/* As vmx_msr_index[] has them, that is, by slot. */
static const u32 indexes[VMX_NR_SHARED_MSRS] = {
	MSR_SYSCALL_MASK, MSR_LSTAR, MSR_CSTAR, MSR_EFER, MSR_TSC_AUX, MSR_STAR,
	MSR_IA32_TSX_CTRL,
};

/**
 * struct guest - what a guest has asked for, and nobody else may change
 * @efer: its EFER
 * @cpuid: the features that KVM_SET_CPUID2 gave it
 * @msrs: its shared MSRs, by slot
 * @vmcs01: the VMCS as it would be without gates
 * @vmcs02: and the other one
 */
struct guest {
	u64 efer;
	u64 cpuid;
	u64 msrs[VMX_NR_SHARED_MSRS];
	struct loaded_vmcs vmcs01;
	struct loaded_vmcs vmcs02;
};

static struct {
	struct vcpu_vmx vmx[MACHINE_VCPUS];
	struct guest guest[MACHINE_VCPUS];
	u64 generation;
} vcpus;

const struct vcpu_config *vcpu_config;
unsigned long vcpu_faults;

static u32 index_by_slot[VMX_NR_SHARED_MSRS];

/**
 * struct insn - an instruction of a guest
 * @name: what it is called
 * @bytes: its opcode, as far as it can be read
 * @length: that is, so many bytes
 * @uses: the group whose values it uses, 0, or GENUINE
 * @opens: the gates that its #UD may open
 */
static const struct insn {
	const char *name;
	u8 bytes[15];
	unsigned int length;
	unsigned long uses;
	unsigned long opens;
} insns[INSNS] = {
	[INSN_SYSCALL] = { "SYSCALL", { 0x0f, 0x05 }, 2, SYSCALL, SYSCALL },
	[INSN_RDTSCP] = { "RDTSCP", { 0x0f, 0x01, 0xf9 }, 3, TSC_AUX, TSC_AUX },
	[INSN_UD2] = { "UD2", { 0x0f, 0x0b }, 2, GENUINE, 0 },
	[INSN_UD0] = { "UD0", { 0x0f, 0xff, 0xc0 }, 3, GENUINE, ALL },
	[INSN_HLT] = { "HLT", { 0xf4 }, 1, 0, 0 },
	[INSN_SYSRET] = { "SYSRETQ", { 0x48, 0x0f, 0x07 }, 3, SYSCALL, SYSCALL },
	[INSN_RDPID] = {
		"RDPID", { 0xf3, 0x0f, 0xc7, 0xf9 }, 4, TSC_AUX, TSC_AUX
	},
	[INSN_RDRAND] = { "RDRAND", { 0x0f, 0xc7, 0xf0 }, 3, GENUINE, ALL },
	[INSN_XGETBV] = { "XGETBV", { 0x0f, 0x01, 0xd0 }, 3, GENUINE, ALL },
	[INSN_AAM] = { "AAM", { 0xd4, 0x0a }, 2, GENUINE, ALL },
	[INSN_PREFIXES] = {
		"prefixes", { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67,
			      0xf0, 0xf2, 0xf3, 0x40, 0x4f, 0x66, 0x66 },
		15, GENUINE, ALL
	},
	[INSN_HIDDEN] = { "SYSCALL, unreadable,", { }, 0, SYSCALL, ALL },
	[INSN_HALF_HIDDEN] = {
		"RDTSCP, unreadable from its third byte on,",
		{ 0x0f, 0x01 }, 2, TSC_AUX, ALL
	},
};

/* What is being executed, to be read by KVM. */
static const struct insn *insn;
/* How often its vCPU was switched out while a group's gate was open. */
static int excuses[VMX_NR_DEMAND_GROUPS];
/* Even if that happens each time, the predictor gives in. */
#define MAX_FAULTS 4

static struct machine_cpu *this_cpu(void)
{
	return &machine.cpu[now.cpu];
}

static bool is_vcpu(int task)
{
	return task < MACHINE_VCPUS;
}

/* -1 where this CPU does not have it. */
static int slot_of(u32 index)
{
	int slot;

	for (slot = 0; slot < machine_msrs; slot++) {
		if (index_by_slot[slot] == index)
			return slot;
	}
	return -1;
}

/* The VMCS, the instruction and the predictor's patience */

u64 vcpu_next_generation(void)
{
	return ++vcpus.generation;
}

u64 vcpu_patience(u64 value, u64 low, u64 high)
{
	high = min(high, vcpu_config->max_eager);
	return value < low ? low : min(value, high);
}

bool boot_cpu_has(int feature)
{
	return feature == X86_FEATURE_RTM && vcpu_config->tsx;
}

bool cpu_has_load_ia32_efer(void)
{
	return vcpu_config->load_efer;
}

/* VMREAD and VMWRITE take the VMCS that is current on the CPU. */
static struct loaded_vmcs *current_vmcs(struct vcpu_vmx *vmx)
{
	machine_point("before a VMREAD or VMWRITE");
	if (this_cpu()->task != vmx->vcpu.vcpu_id)
		violation(0, "the VMCS of vCPU %d is not loaded on CPU %d",
			  vmx->vcpu.vcpu_id, now.cpu);
	return vmx->loaded_vmcs;
}

u64 secondary_exec_controls_get(struct vcpu_vmx *vmx)
{
	return current_vmcs(vmx)->secondary;
}

void secondary_exec_controls_setbit(struct vcpu_vmx *vmx, u64 bit)
{
	current_vmcs(vmx)->secondary |= bit;
}

void secondary_exec_controls_clearbit(struct vcpu_vmx *vmx, u64 bit)
{
	current_vmcs(vmx)->secondary &= ~bit;
}

int kvm_read_guest_virt(struct kvm_vcpu *vcpu, unsigned long address, void *to,
			unsigned int bytes, struct x86_exception *exception)
{
	if (this_cpu()->preempt_count || this_cpu()->irqs_off)
		violation(0, "guest memory is read where that must not sleep");
	machine_point("while the instruction is read");
	if (address + bytes > insn->length)
		return 1;
	memcpy(to, insn->bytes + address, bytes);
	return 0;
}

/* Returns which gates are closed in a VMCS. */
static unsigned long closed_in(const struct loaded_vmcs *vmcs,
			       const struct loaded_vmcs *open)
{
	unsigned long closed = 0;

	if (vmcs->guest_efer != open->guest_efer) {
		if (vmcs->guest_efer != (open->guest_efer & ~EFER_SCE))
			violation(6, "the guest runs with EFER 0x%llx instead of 0x%llx",
				  vmcs->guest_efer, open->guest_efer);
		closed |= SYSCALL;
	}
	if (vmcs->secondary != open->secondary) {
		if (vmcs->secondary)
			violation(6, "the guest has RDTSCP, which its CPUID lacks");
		closed |= TSC_AUX;
	}
	return closed;
}

/* Rule 6: where gates may be closed, and what the guest sees of them. */
static void check_gates(int v)
{
	const struct vcpu_vmx *vmx = &vcpus.vmx[v];
	const struct guest *guest = &vcpus.guest[v];

	if (guest->efer != vmx->vcpu.arch.efer)
		violation(6, "vCPU %d reads another EFER than it has written", v);
	if (closed_in(&vmx->vmcs02, &guest->vmcs02))
		violation(6, "a gate of vCPU %d is closed in vmcs02", v);
	if (!closed_in(&vmx->vmcs01, &guest->vmcs01))
		return;
	if (vmx->loaded_vmcs != &vmx->vmcs01)
		violation(6, "a gate of vCPU %d is closed in vmcs01 while vmcs02 is current",
			  v);
	if (!vcpu_config->demand)
		violation(6, "vCPU %d has a gate, with demand loading off", v);
}

static unsigned long closed(int v)
{
	return closed_in(&vcpus.vmx[v].vmcs01, &vcpus.guest[v].vmcs01);
}

/* What the guest may execute, and what the hardware lets it execute now. */

static unsigned long allowed(int v)
{
	const struct guest *guest = &vcpus.guest[v];
	unsigned long groups = 0;

	if (guest->efer & EFER_LMA && guest->efer & EFER_SCE)
		groups |= SYSCALL;
	if (guest->cpuid & BIT(X86_FEATURE_RDTSCP))
		groups |= TSC_AUX;
	return groups;
}

static unsigned long executable(int v)
{
	const struct loaded_vmcs *vmcs = vcpus.vmx[v].loaded_vmcs;
	u64 efer = vmcs->guest_efer;
	unsigned long groups = 0;

	if (!vcpu_config->load_efer)
		efer = this_cpu()->msr[slot_of(MSR_EFER)];
	if (vcpus.guest[v].efer & EFER_LMA && efer & EFER_SCE)
		groups |= SYSCALL;
	if (vmcs->secondary & SECONDARY_EXEC_ENABLE_RDTSCP)
		groups |= TSC_AUX;
	return groups;
}

static void check_value(int v, u32 index, u64 mask)
{
	int slot = slot_of(index);

	if (slot >= 0)
		rules_in_guest(now.cpu, slot, vcpus.guest[v].msrs[slot], mask);
}

static void check_entry(int v)
{
	unsigned long groups = executable(v);

	check_gates(v);
	if (groups & ~allowed(v))
		violation(6, "vCPU %d can execute what it must not", v);
	if (groups & SYSCALL) {
		check_value(v, MSR_STAR, ~0ull);
		check_value(v, MSR_LSTAR, ~0ull);
		check_value(v, MSR_SYSCALL_MASK, ~0ull);
	}
	if (groups & TSC_AUX)
		check_value(v, MSR_TSC_AUX, ~0ull);
	if (vcpu_config->tsx)
		check_value(v, MSR_IA32_TSX_CTRL, ~TSX_CTRL_CPUID_CLEAR);
}

/* vmx.c, as the semantic patches leave it */

static void vmx_prepare_switch_to_guest(struct vcpu_vmx *vmx)
{
	if (!vmx->shared_msrs.loaded) {
		vmx->shared_msrs.loaded = true;
		if (!kvm_shared_msrs_loaded(vmx->shared_msrs.generation))
			vmx_demand_load_shared_msrs(vmx);
	}
}

static void vmx_prepare_switch_to_host(struct vcpu_vmx *vmx)
{
	vmx->shared_msrs.loaded = false;
}

static struct loaded_vmcs *open_vmcs(struct vcpu_vmx *vmx)
{
	struct guest *guest = &vcpus.guest[vmx->vcpu.vcpu_id];

	return vmx->loaded_vmcs == &vmx->vmcs01 ? &guest->vmcs01 :
						  &guest->vmcs02;
}

bool update_transition_efer(struct vcpu_vmx *vmx)
{
	u64 guest_efer = vmx_demand_efer(vmx);
	struct kvm_shared_msr *efer;

	if (vcpu_config->load_efer) {
		current_vmcs(vmx)->guest_efer = guest_efer;
		open_vmcs(vmx)->guest_efer = vmx->vcpu.arch.efer;
		return false;
	}
	efer = vmx_find_shared_msr(vmx, MSR_EFER);
	efer->data = guest_efer;
	efer->mask = EFER_SCE;
	return true;
}

static void setup_msrs(struct vcpu_vmx *vmx)
{
	vmx_setup_shared_msrs(vmx, update_transition_efer(vmx));
}

static void vmx_set_efer(struct vcpu_vmx *vmx, u64 efer)
{
	vmx->vcpu.arch.efer = efer;
	setup_msrs(vmx);
}

static void write_secondary(struct vcpu_vmx *vmx)
{
	u64 secondary = 0;

	if (guest_cpuid_has(&vmx->vcpu, X86_FEATURE_RDTSCP))
		secondary |= SECONDARY_EXEC_ENABLE_RDTSCP;
	current_vmcs(vmx)->secondary = secondary;
	open_vmcs(vmx)->secondary = secondary;
}

static void vmx_vcpu_after_set_cpuid(struct vcpu_vmx *vmx)
{
	vmx_demand_open_gates(vmx);
	write_secondary(vmx);
	setup_msrs(vmx);
}

static void vmx_switch_vmcs(struct vcpu_vmx *vmx, struct loaded_vmcs *vmcs)
{
	vmx_demand_open_gates(vmx);

	machine_preempt_disable();
	vmx->loaded_vmcs = vmcs;
	machine_preempt_enable();
}

/* The scheduler, with KVM's preempt notifiers; and KVM_RUN */

static void schedule(int cpu, int task)
{
	int old = machine.cpu[cpu].task;

	if (is_vcpu(old))
		vmx_prepare_switch_to_host(&vcpus.vmx[old]);
	machine_switch(cpu, task);
}

static bool runs_elsewhere(int cpu, int task)
{
	return machine.cpu[!cpu].task == task;
}

enum exit { EXIT_NONE, EXIT_UD, EXIT_OTHER };

static enum exit execute(int v)
{
	if (insn->uses & ~executable(v))
		return EXIT_UD;
	return EXIT_OTHER;
}

/* No VM-entry succeeds once virtualization is disabled. */
static enum exit vcpu_enter_guest(int v)
{
	enum exit exit = EXIT_NONE;
	unsigned long flags;

	machine_preempt_disable();
	vmx_prepare_switch_to_guest(&vcpus.vmx[v]);
	flags = machine_irq_save();
	if (this_cpu()->enabled) {
		check_entry(v);
		exit = execute(v);
	}
	machine_irq_restore(flags);
	machine_preempt_enable();
	return exit;
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

static int preempt_ways(void)
{
	int which[OTHERS];

	return is_vcpu(this_cpu()->task) ? ways(which) : 0;
}

static void preempt(int way)
{
	int v = this_cpu()->task, which[OTHERS], cpu = now.cpu;
	const struct insn *interrupted = insn;
	int group;

	ways(which);
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++)
		excuses[group] += !(closed(v) & BIT(group));
	schedule(cpu, MACHINE_HOST_TASK + cpu);
	switch (which[way]) {
	case OTHER_THREAD:
		tell("       a kernel thread runs\n");
		break;
	case OTHER_PROCESS:
		tell("       another task returns to user mode\n");
		machine_return_to_user();
		break;
	case OTHER_VCPU:
		tell("       vCPU %d runs\n", !v);
		schedule(cpu, !v);
		insn = &insns[INSN_HLT];
		vcpu_enter_guest(!v);
		insn = interrupted;
		schedule(cpu, MACHINE_HOST_TASK + cpu);
		break;
	case OTHER_CPU:
		tell("       vCPU %d continues on CPU %d\n", v, !cpu);
		now.cpu = !cpu;
		break;
	}
	schedule(now.cpu, v);
}

/*
 * True if the instruction is to be executed again.  Each gate that its #UD
 * opens is one that it finds closed once, and not again unless the vCPU was
 * switched out meanwhile with that gate open.
 */
static bool handle_exception_nmi(int v, int opened[VMX_NR_DEMAND_GROUPS])
{
	struct kvm_vcpu *vcpu = &vcpus.vmx[v].vcpu;
	u64 faults = vcpu->stat.shared_msr_faults;
	unsigned long before = closed(v), groups;
	int group;

	if (!vmx_demand_fault(vcpu))
		return false;
	if (vcpu->stat.shared_msr_faults != faults + 1)
		violation(0, "a fault of vCPU %d is not counted", v);

	tell("       #UD, and executed again\n");
	vcpu_faults++;
	groups = before & ~closed(v);
	if (!groups)
		violation(6, "%s is executed again, and no gate was opened",
			  insn->name);
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

/* Until the guest has executed the instruction or has got its #UD. */
static void vcpu_run(int v, const struct insn *executed)
{
	int opened[VMX_NR_DEMAND_GROUPS] = {};
	enum exit exit;
	bool wanted;

	insn = executed;
	memset(excuses, 0, sizeof(excuses));
	do {
		exit = vcpu_enter_guest(v);
	} while (exit == EXIT_UD && handle_exception_nmi(v, opened));

	wanted = !(insn->uses & ~allowed(v));
	if (exit == EXIT_OTHER && !wanted)
		violation(6, "vCPU %d executes %s, which it must not", v,
			  insn->name);
	if (exit == EXIT_UD && wanted)
		violation(6, "vCPU %d gets a #UD for %s that is not its own", v,
			  insn->name);
	insn = NULL;
}

/* Steps */

static bool may_refuse(int v, u32 index)
{
	/* KVM looks at the others' values by itself as long as nobody uses them. */
	return index == MSR_SYSCALL_MASK ||
	       (index == MSR_LSTAR && allowed(v) & SYSCALL);
}

bool vcpu_step_possible(const struct vcpu_step *step)
{
	const struct machine_cpu *c = &machine.cpu[step->cpu];
	int v = c->task;

	if (step->cpu >= vcpu_config->cpus)
		return false;
	switch (step->kind) {
	case VCPU_SWITCH:
		return v != (int)step->number &&
		       !runs_elsewhere(step->cpu, step->number);
	case VCPU_RETURN:
		return true;
	case VCPU_DISABLE:
		return c->enabled;
	/* When a CPU comes online, say: never below a vCPU. */
	case VCPU_ENABLE:
		return !c->enabled && !is_vcpu(v);
	default:
		break;
	}

	if (!is_vcpu(v))
		return false;
	switch (step->kind) {
	case VCPU_WRMSR:
		if (slot_of(step->number) < 0)
			return false;
		if (step->value & MACHINE_RESERVED)
			return may_refuse(v, step->number);
		return vcpus.guest[v].msrs[slot_of(step->number)] !=
		       step->value;
	case VCPU_EFER:
		return vcpus.guest[v].efer != step->value;
	case VCPU_NEST:
		return !step->number ||
		       vcpus.vmx[v].loaded_vmcs == &vcpus.vmx[v].vmcs01;
	case VCPU_CPUID:
		return vcpus.guest[v].cpuid != step->value &&
		       vcpus.vmx[v].loaded_vmcs == &vcpus.vmx[v].vmcs01;
	default:
		return true;
	}
}

static void wrmsr(int v, u32 index, u64 value)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[v];
	struct kvm_shared_msr *msr = vmx_find_shared_msr(vmx, index);
	u64 *guest = &vcpus.guest[v].msrs[slot_of(index)];
	bool enabled;
	int ret;

	ret = vmx_set_guest_shared_msr(vmx, msr, value);
	enabled = machine.cpu[0].enabled && machine.cpu[1].enabled;
	if (value & MACHINE_RESERVED ? ret != 1 : enabled && ret)
		violation(2, "vmx_set_guest_shared_msr() returns %d", ret);
	if (!ret)
		*guest = value;
	if (msr->data != *guest)
		violation(2, "vCPU %d's MSR 0x%x is 0x%llx, not 0x%llx", v,
			  index, msr->data, *guest);
}

/*
 * VM-entry of a nested guest or its VM-exit: EFER is written at both, but not if
 * VM-entry fails because of vmcs12's controls.
 */
static void nest(int v, bool fails)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[v];

	if (fails) {
		vmx_switch_vmcs(vmx, &vmx->vmcs02);
		vmx_switch_vmcs(vmx, &vmx->vmcs01);
		return;
	}
	if (vmx->loaded_vmcs == &vmx->vmcs01) {
		vmx_switch_vmcs(vmx, &vmx->vmcs02);
		write_secondary(vmx);
	} else {
		vmx_switch_vmcs(vmx, &vmx->vmcs01);
	}
	vmx_set_efer(vmx, vmx->vcpu.arch.efer);
}

static void take(const struct vcpu_step *step)
{
	int v = machine.cpu[step->cpu].task;
	struct vcpu_vmx *vmx = is_vcpu(v) ? &vcpus.vmx[v] : NULL;
	struct guest *guest = vmx ? &vcpus.guest[v] : NULL;

	switch (step->kind) {
	case VCPU_SWITCH:
		schedule(step->cpu, step->number);
		break;
	case VCPU_RETURN:
		/* KVM_RUN ends with vcpu_put(). */
		now.may &= ~MAY_PREEMPT;
		if (vmx)
			vmx_prepare_switch_to_host(vmx);
		machine_return_to_user();
		break;
	case VCPU_RUN:
		vcpu_run(v, &insns[step->number]);
		break;
	case VCPU_WRMSR:
		wrmsr(v, step->number, step->value);
		break;
	case VCPU_EFER:
		guest->efer = step->value;
		vmx_set_efer(vmx, step->value);
		break;
	case VCPU_CPUID:
		/* An ioctl, so KVM_RUN has ended. */
		vmx_prepare_switch_to_host(vmx);
		guest->cpuid = step->value;
		vmx->vcpu.arch.cpuid = step->value;
		vmx_vcpu_after_set_cpuid(vmx);
		break;
	case VCPU_NEST:
		nest(v, step->number);
		break;
	case VCPU_DISABLE:
		machine_disable(step->cpu, true);
		break;
	case VCPU_ENABLE:
		machine_enable(step->cpu, true);
		break;
	}
}

/* What was asked for is rule 2's, at VM-entry. */
static void nothing_wanted(void)
{
	int cpu;

	for (cpu = 0; cpu < MACHINE_CPUS; cpu++)
		memcpy(machine.cpu[cpu].want, machine.cpu[cpu].msr,
		       sizeof(machine.cpu[cpu].want));
}

void vcpu_step_take(const struct vcpu_step *step)
{
	int v;

	memset(&now, 0, sizeof(now));
	now.cpu = step->cpu;
	now.may = vcpu_config->may;
	insn = NULL;
	take(step);
	for (v = 0; v < MACHINE_VCPUS; v++)
		check_gates(v);
	nothing_wanted();
	rules_after_step();
}

void vcpu_step_tell(const struct vcpu_step *step)
{
	int v = machine.cpu[step->cpu].task;

	tell("CPU %d: ", step->cpu);
	if (is_vcpu(v))
		tell("vCPU %d: ", v);
	else
		tell("another task: ");
	switch (step->kind) {
	case VCPU_SWITCH:
		if (is_vcpu(step->number))
			tell("switch to vCPU %u\n", step->number);
		else
			tell("switch to another task\n");
		break;
	case VCPU_RETURN:
		tell("returns to user mode\n");
		break;
	case VCPU_RUN:
		tell("the guest executes %s\n", insns[step->number].name);
		break;
	case VCPU_WRMSR:
		tell("WRMSR 0x%x: 0x%llx\n", step->number, step->value);
		break;
	case VCPU_EFER:
		tell("EFER becomes 0x%llx\n", step->value);
		break;
	case VCPU_CPUID:
		tell("CPUID has RDTSCP %s, RDPID %s\n",
		     step->value & BIT(X86_FEATURE_RDTSCP) ? "on" : "off",
		     step->value & BIT(X86_FEATURE_RDPID) ? "on" : "off");
		break;
	case VCPU_NEST:
		tell("VM-entry or VM-exit of a nested guest%s\n",
		     step->number ? ", which fails" : "");
		break;
	case VCPU_DISABLE:
		tell("IPI disables virtualization\n");
		break;
	case VCPU_ENABLE:
		tell("IPI enables virtualization\n");
		break;
	}
}

/* The start: both CPUs in the host, and two new vCPUs that may use everything */

static void boot_cpus(void)
{
	int efer = slot_of(MSR_EFER), cpu;

	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		struct machine_cpu *c = &machine.cpu[cpu];

		c->host[efer] = HOST_EFER;
		c->msr[efer] = HOST_EFER;
		c->want[efer] = HOST_EFER;
	}
}

u64 vcpu_value(int v, u32 index, bool other)
{
	u64 value = 0x1000 * (v + 1) + 0x100 * other + (index & 0xf) * 4;

	return index == MSR_IA32_TSX_CTRL ? value | TSX_CTRL_CPUID_CLEAR : value;
}

static void create_vcpu(int v)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[v];
	struct guest *guest = &vcpus.guest[v];
	int slot;

	vmx->vcpu.vcpu_id = v;
	vmx->loaded_vmcs = &vmx->vmcs01;
	now.cpu = 0;
	schedule(0, v);
	vmx_init_shared_msrs(vmx);
	for (slot = 0; slot < machine_msrs; slot++) {
		guest->msrs[slot] = vcpu_value(v, index_by_slot[slot], false);
		vmx_set_guest_shared_msr(vmx, &vmx->shared_msrs.msrs[slot],
					 guest->msrs[slot]);
	}
	guest->efer = EFER_LMA | EFER_SCE;
	vmx_set_efer(vmx, guest->efer);
	guest->cpuid = BIT(X86_FEATURE_RDTSCP);
	vmx->vcpu.arch.cpuid = guest->cpuid;
	vmx_vcpu_after_set_cpuid(vmx);
	schedule(0, MACHINE_HOST_TASK);
}

void vcpu_start(void)
{
	static const char empty[CORE_STATE];
	int i, cpu, v;

	machine_msrs = 0;
	for (i = 0; i < VMX_NR_SHARED_MSRS; i++) {
		if (indexes[i] == MSR_TSC_AUX && !vcpu_config->tsc_aux)
			continue;
		if (indexes[i] == MSR_IA32_TSX_CTRL && !vcpu_config->tsx)
			continue;
		index_by_slot[machine_msrs++] = indexes[i];
	}
	machine_index = index_by_slot;
	machine_preempt_ways = preempt_ways;
	machine_preempt = preempt;

	machine_boot();
	core_restore(empty);
	memset(&vcpus, 0, sizeof(vcpus));
	boot_cpus();
	if (kvm_shared_msrs_init())
		violation(0, "loading fails");
	now.probing = true;
	vmx_start(vcpu_config->demand);
	now.probing = false;
	machine.loaded = true;
	machine.slots = machine_msrs;
	for (cpu = 0; cpu < MACHINE_CPUS; cpu++)
		machine_enable(cpu, true);
	for (v = 0; v < MACHINE_VCPUS; v++)
		create_vcpu(v);
	vcpu_normalize();
}

static_assert(sizeof(vcpus) <= VCPU_STATE);

void vcpu_save(char state[VCPU_STATE])
{
	memcpy(state, &vcpus, sizeof(vcpus));
}

void vcpu_restore(const char state[VCPU_STATE])
{
	memcpy(&vcpus, state, sizeof(vcpus));
}

/*
 * Numbers that grow for ever would make every state a new one.  Of generations
 * it matters only which are equal, and of the predictor's switch-ins how far
 * away they are; so they are replaced by the smallest ones that say the same.
 */

static void normalize_generations(void)
{
	u64 old[MACHINE_VCPUS];
	int v, cpu;

	for (v = 0; v < MACHINE_VCPUS; v++) {
		struct vcpu_vmx *vmx = &vcpus.vmx[v];

		old[v] = vmx->shared_msrs.generation;
		vmx->shared_msrs.generation = v && old[v] == old[0] ? 1 : v + 1;
		vmx->demand.generation = vmx->demand.generation == old[v] ?
			vmx->shared_msrs.generation : 0;
	}
	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		u64 *generation = core_generation(cpu);

		for (v = 0; v < MACHINE_VCPUS; v++) {
			if (*generation == old[v])
				break;
		}
		*generation = v == MACHINE_VCPUS ? 0 :
			vcpus.vmx[v].shared_msrs.generation;
	}
	vcpus.generation = MACHINE_VCPUS;
}

/* The next switch-in is number 1: anything up to it has come. */
static u64 still_to_come(u64 when, u64 switch_ins)
{
	return when == U64_MAX ? when :
	       when > switch_ins + 1 ? when - switch_ins : 0;
}

static void normalize_switch_ins(struct vmx_demand *demand)
{
	int group;

	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		struct vmx_demand_group *g = &demand->groups[group];

		g->eager_until = still_to_come(g->eager_until,
					       demand->switch_ins);
		if (!(demand->gated & BIT(group)))
			g->gated_at = 0;
		else if (g->gated_at != demand->switch_ins)
			g->gated_at = U64_MAX;
		else
			g->gated_at = 0;
	}
	demand->decide_at = still_to_come(demand->decide_at,
					  demand->switch_ins);
	demand->switch_ins = 0;
}

void vcpu_normalize(void)
{
	int v;

	normalize_generations();
	for (v = 0; v < MACHINE_VCPUS; v++) {
		normalize_switch_ins(&vcpus.vmx[v].demand);
		memset(&vcpus.vmx[v].vcpu.stat, 0,
		       sizeof(vcpus.vmx[v].vcpu.stat));
	}
}
