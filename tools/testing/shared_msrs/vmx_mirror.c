// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of vmx.c and nested.c, in a few lines each, that do what the semantic
 * patches of this series put there. Mutants of those fit here, too.
 */
#include "guest.h"

void vmx_prepare_switch_to_guest(struct vcpu_vmx *vmx)
{
	if (vmx->guest_state_loaded)
		return;

	if (!kvm_shared_msrs_loaded(&vmx->shared_msrs.set))
		vmx_demand_load_shared_msrs(vmx);
	if (vmx->demand.gated)
		++vmx->vcpu.stat.shared_msr_gated;
	vmx->guest_state_loaded = true;
}

void vmx_prepare_switch_to_host(struct vcpu_vmx *vmx)
{
	if (!vmx->guest_state_loaded)
		return;

	if (vmx->shared_msrs.set.passthrough)
		vmx_passthrough_switch_out(vmx);
	++vmx->vcpu.stat.host_state_reload;
	vmx->guest_state_loaded = false;
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
	/* EPT takes NX from EFER, so it is switched at VM-entry. */
	vmx->efer_listed = (guest_efer ^ this_cpu()->host[slot_of(MSR_EFER)]) &
			   EFER_NX;
	if (vmx->efer_listed) {
		current_vmcs(vmx)->guest_efer = guest_efer;
		open_vmcs(vmx)->guest_efer = guest_efer;
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

void vmx_set_efer(struct vcpu_vmx *vmx, u64 efer)
{
	vmx->vcpu.arch.efer = efer;
	setup_msrs(vmx);
}

static u32 secondary_without_gates(struct vcpu_vmx *vmx)
{
	return guest_cpuid_has(&vmx->vcpu, X86_FEATURE_RDTSCP) ?
	       SECONDARY_EXEC_ENABLE_RDTSCP : 0;
}

static u32 vmx_secondary_exec_control(struct vcpu_vmx *vmx)
{
	u32 control = secondary_without_gates(vmx);

	return vmx_demand_secondary_exec_control(vmx, control);
}

void vmx_write_secondary_exec_control(struct vcpu_vmx *vmx)
{
	u32 control = vmx_secondary_exec_control(vmx);

	current_vmcs(vmx)->secondary = control;
	open_vmcs(vmx)->secondary = secondary_without_gates(vmx);
}

void vmx_vcpu_after_set_cpuid(struct vcpu_vmx *vmx)
{
	vmx_demand_open_gates(vmx);
	vmx_passthrough_end(vmx);
	vmx_write_secondary_exec_control(vmx);
	setup_msrs(vmx);
}

void vmx_msr_filter_changed(struct vcpu_vmx *vmx)
{
	vmx_passthrough_end(vmx);
}

void enter_vmx_operation(struct vcpu_vmx *vmx)
{
	vmx->shared_msrs.set.owner = 0;
	vmx_passthrough_end(vmx);
}

void vmx_switch_vmcs(struct vcpu_vmx *vmx, struct loaded_vmcs *vmcs)
{
	vmx_demand_open_gates(vmx);

	sim_preempt_disable();
	vmx->loaded_vmcs = vmcs;
	sim_preempt_enable();
}
