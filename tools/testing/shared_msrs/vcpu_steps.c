// SPDX-License-Identifier: GPL-2.0-only
/* The steps of vCPUs. */
#include <string.h>

#include "guest.h"
#include "virt.h"

/* Nobody tries what a guest writes to an MSR that it cannot use. */
static bool is_refused(int v, u32 index, u64 value)
{
	return value & SIM_RESERVED && (index == MSR_SYSCALL_MASK ||
					allowed(v) & SYSCALL);
}

bool vcpu_step_possible(const struct vcpu_step *step)
{
	const struct sim_cpu *c = &sim.cpu[step->cpu];
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
	case VCPU_WRITE:
		if (slot_of(step->number) < 0)
			return false;
		if (step->value & SIM_RESERVED && step->number != MSR_LSTAR &&
		    step->number != MSR_SYSCALL_MASK)
			return false;
		return vcpus.guest[v].msrs[slot_of(step->number)] !=
		       step->value;
	case VCPU_READ:
		return slot_of(step->number) >= 0;
	case VCPU_EFER:
		return vcpus.guest[v].efer != step->value &&
		       !(step->value & EFER_NX && vcpu_config->load_efer);
	case VCPU_CONTROLS:
		return vcpus.vmx[v].loaded_vmcs == &vcpus.vmx[v].vmcs01;
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
	bool may_be;
	int ret;

	ret = vmx_set_guest_shared_msr(vmx, msr, value);
	/* While a nested guest runs, slots of its hypervisor's may be active, too. */
	may_be = !sim.cpu[0].enabled || !sim.cpu[1].enabled ||
		 (value & SIM_RESERVED && is_guest_mode(&vmx->vcpu) &&
		  vmx->shared_msrs.active & BIT(slot_of(index)));
	if (is_refused(v, index, value) ? ret != 1 : ret && !may_be)
		violation(2, "vmx_set_guest_shared_msr() returns %d", ret);
	if (!ret)
		*guest = value;
	if (msr->data != *guest)
		violation(2, "vCPU %d's MSR 0x%x is 0x%llx, not 0x%llx", v,
			  index, msr->data, *guest);
}

static void rdmsr(int v, u32 index)
{
	const struct kvm_shared_msr *msr = vmx_find_shared_msr(&vcpus.vmx[v], index);

	if (msr->data != vcpus.guest[v].msrs[slot_of(index)])
		violation(2, "KVM reads 0x%llx from vCPU %d's MSR 0x%x, not 0x%llx",
			  msr->data, v, index,
			  vcpus.guest[v].msrs[slot_of(index)]);
}

/* KVM has the values of a vCPU that is not loaded. */
static void check_values(int v)
{
	static const u32 indexes[] = {
		MSR_STAR, MSR_LSTAR, MSR_SYSCALL_MASK, MSR_TSC_AUX,
	};
	size_t i;

	if (vcpus.vmx[v].guest_state_loaded)
		return;
	for (i = 0; i < ARRAY_SIZE(indexes); i++) {
		if (slot_of(indexes[i]) >= 0)
			rdmsr(v, indexes[i]);
	}
}

/*
 * VM-entry of a nested guest or its VM-exit: EFER is written at both, but not if
 * VM-entry fails because of vmcs12's controls.
 */
static void nest(int v, bool fails)
{
	struct vcpu_vmx *vmx = &vcpus.vmx[v];

	/* VMXON, before the first of them. */
	if (sim.owners[v]) {
		enter_vmx_operation(vmx);
		sim.owners[v] = 0;
	}
	if (fails) {
		vmx_switch_vmcs(vmx, &vmx->vmcs02);
		vmx_switch_vmcs(vmx, &vmx->vmcs01);
		return;
	}
	if (vmx->loaded_vmcs == &vmx->vmcs01) {
		vmx_switch_vmcs(vmx, &vmx->vmcs02);
		vmx_write_secondary_exec_control(vmx);
	} else {
		vmx_switch_vmcs(vmx, &vmx->vmcs01);
	}
	vmx_set_efer(vmx, vmx->vcpu.arch.efer);
}

static void end_run(struct vcpu_vmx *vmx)
{
	vmx->vcpu.stat.fpu_reload++;
	vcpu_put(vmx->vcpu.vcpu_id);
}

static void take(const struct vcpu_step *step)
{
	int v = sim.cpu[step->cpu].task;
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
			end_run(vmx);
		sim_return_to_user();
		break;
	case VCPU_RUN:
		vcpu_run(v, &insns[step->number]);
		break;
	case VCPU_WRMSR:
		wrmsr(v, step->number, step->value);
		break;
	case VCPU_WRITE:
		if (vcpu_wrmsr(v, step->number, step->value))
			wrmsr(v, step->number, step->value);
		break;
	case VCPU_READ:
		rdmsr(v, step->number);
		break;
	case VCPU_FILTER:
		guest->filtered = (guest->filtered + KVM_MSR_FILTER_WRITE) % 3;
		vmx_msr_filter_changed(vmx);
		break;
	case VCPU_EFER:
		guest->efer = step->value;
		vmx_set_efer(vmx, step->value);
		break;
	case VCPU_CPUID:
		/* An ioctl, so KVM_RUN has ended. */
		end_run(vmx);
		guest->cpuid = step->value;
		vmx->vcpu.arch.cpuid = step->value;
		vmx_vcpu_after_set_cpuid(vmx);
		break;
	case VCPU_CONTROLS:
		vmx_write_secondary_exec_control(vmx);
		break;
	case VCPU_NEST:
		nest(v, step->number);
		break;
	case VCPU_DISABLE:
		sim_ipi(step->cpu, false);
		break;
	case VCPU_ENABLE:
		sim_ipi(step->cpu, true);
		break;
	}
}

/* The sixteenth WRMSR counts, and how many follow does not. */
static void hurry(struct vmx_passthrough *passthrough)
{
	int group;

	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		if (passthrough->writes[group])
			passthrough->writes[group] =
				passthrough->writes[group] < 16 ? 15 : 16;
	}
	if (passthrough->switch_outs)
		passthrough->switch_outs = 63;
}

void vcpu_step_take(const struct vcpu_step *step)
{
	int v;

	memset(&now, 0, sizeof(now));
	now.cpu = step->cpu;
	now.may = vcpu_config->may;
	insn = NULL;
	vcpu_wrmsr_exited = false;
	take(step);
	for (v = 0; v < SIM_VCPUS; v++) {
		if (vcpu_config->hurry)
			hurry(&vcpus.vmx[v].passthrough);
		check_gates(v);
		check_values(v);
	}
	rules_after_step();
}

void vcpu_step_tell(const struct vcpu_step *step)
{
	int v = sim.cpu[step->cpu].task;

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
	case VCPU_WRITE:
		tell("the guest executes WRMSR 0x%x: 0x%llx\n", step->number,
		     step->value);
		break;
	case VCPU_READ:
		tell("KVM reads MSR 0x%x\n", step->number);
		break;
	case VCPU_FILTER:
		tell("the MSR filter changes\n");
		break;
	case VCPU_EFER:
		tell("EFER becomes 0x%llx\n", step->value);
		break;
	case VCPU_CPUID:
		tell("CPUID has RDTSCP %s, RDPID %s, RTM %s\n",
		     step->value & X86_FEATURE_RDTSCP ? "on" : "off",
		     step->value & X86_FEATURE_RDPID ? "on" : "off",
		     step->value & X86_FEATURE_RTM ? "on" : "off");
		break;
	case VCPU_CONTROLS:
		tell("the secondary controls are computed anew\n");
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
