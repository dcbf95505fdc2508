// SPDX-License-Identifier: GPL-2.0-only
/* A VMX vCPU's values of the shared MSRs, and which of them are active. */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kvm_host.h>
#include <linux/preempt.h>

#include <asm/msr-index.h>

#include "../cpuid.h"
#include "../shared_msrs.h"
#include "../x86.h"
#include "capabilities.h"
#include "shared_msrs.h"
#include "vmx.h"

/*
 * CSTAR is never active: Intel CPUs have SYSCALL in 64-bit mode only (Intel SDM
 * volume 2, "SYSCALL"). It is here, as is STAR on 32-bit hosts, because guests
 * read and write it and because KVM emulates SYSCALL for guests that run with
 * an AMD vendor string.
 */
static const u32 vmx_msr_index[] = {
#ifdef CONFIG_X86_64
	MSR_SYSCALL_MASK, MSR_LSTAR, MSR_CSTAR,
#endif
	MSR_EFER, MSR_TSC_AUX, MSR_STAR, MSR_IA32_TSX_CTRL,
};

/**
 * vmx_define_shared_msrs - register the shared MSRs that this CPU has
 *
 * Context: Process context, during hardware_setup().
 */
void __init vmx_define_shared_msrs(void)
{
	int i;

	BUILD_BUG_ON(ARRAY_SIZE(vmx_msr_index) > KVM_NR_SHARED_MSRS);

	for (i = 0; i < ARRAY_SIZE(vmx_msr_index); i++)
		kvm_define_shared_msr(vmx_msr_index[i]);
}

/**
 * vmx_find_shared_msr - find a guest's value of a shared MSR
 * @vmx: the vCPU
 * @msr: the MSR's index, as RDMSR takes it in ECX
 *
 * Context: The vCPU is loaded, or its thread is not in KVM_RUN.
 * Return: the value, or NULL if this CPU does not have the MSR or it is not a
 * shared one.
 */
struct kvm_shared_msr *vmx_find_shared_msr(struct vcpu_vmx *vmx, u32 msr)
{
	int slot = kvm_find_shared_msr(msr);

	if (slot < 0)
		return NULL;
	if (vmx->shared_msrs.set.passthrough & BIT(slot))
		vmx_passthrough_read_back(vmx);
	return &vmx->shared_msrs.set.msrs[slot];
}

/**
 * vmx_init_shared_msrs - initialize the values of a new vCPU
 * @vmx: the vCPU, zeroed
 *
 * Context: Process context, during vCPU creation.
 */
void vmx_init_shared_msrs(struct vcpu_vmx *vmx)
{
	struct kvm_shared_msr *tsx_ctrl;
	int i;

	kvm_shared_msrs_changed(&vmx->shared_msrs.set);
	vmx->shared_msrs.set.owner = vmx->vcpu.kvm->arch.shared_msr_owner;
	for (i = 0; i < KVM_NR_SHARED_MSRS; i++)
		vmx->shared_msrs.set.msrs[i].mask = ~0ull;

	/*
	 * CPUID exits, so KVM applies TSX_CTRL_CPUID_CLEAR by itself. In
	 * hardware the bit would change CPUID for the host kernel, too.
	 */
	tsx_ctrl = vmx_find_shared_msr(vmx, MSR_IA32_TSX_CTRL);
	if (tsx_ctrl)
		tsx_ctrl->mask = ~(u64)TSX_CTRL_CPUID_CLEAR;
}

static unsigned long vmx_shared_msr_bit(u32 msr)
{
	int slot = kvm_find_shared_msr(msr);

	return slot < 0 ? 0 : BIT(slot);
}

/**
 * vmx_setup_shared_msrs - work out which shared MSRs the guest can use
 * @vmx: the vCPU
 * @switch_efer: the VMCS cannot switch EFER for this guest
 *
 * To be called whenever the guest's EFER or CPUID has changed. A slot that has
 * become active is loaded before the next VM-entry. One that no longer is stays
 * loaded until the CPU returns to user mode, which does the guest no harm.
 *
 * Context: Process context, the vCPU is loaded or not yet running.
 */
void vmx_setup_shared_msrs(struct vcpu_vmx *vmx, bool switch_efer)
{
	struct kvm_shared_msr *efer = vmx_find_shared_msr(vmx, MSR_EFER);
	struct kvm_vcpu *vcpu = &vmx->vcpu;
	unsigned long active = 0;

#ifdef CONFIG_X86_64
	/* SYSCALL raises #UD otherwise (Intel SDM volume 2, "SYSCALL"). */
	if (is_long_mode(vcpu) && (vcpu->arch.efer & EFER_SCE))
		active |= vmx_shared_msr_bit(MSR_STAR) |
			  vmx_shared_msr_bit(MSR_LSTAR) |
			  vmx_shared_msr_bit(MSR_SYSCALL_MASK);
#endif
	/*
	 * Without the control the VMCS switches EFER by a list, at VM-exit to
	 * the host's value. So that is what the CPU has to hold then.
	 */
	if (efer && !cpu_has_load_ia32_efer()) {
		active |= vmx_shared_msr_bit(MSR_EFER);
		if (!switch_efer)
			efer->mask = 0;
	}

	if (guest_cpuid_has(vcpu, X86_FEATURE_RDTSCP) ||
	    guest_cpuid_has(vcpu, X86_FEATURE_RDPID))
		active |= vmx_shared_msr_bit(MSR_TSC_AUX);

	/* A host that runs with TSX off keeps it off, whatever the guest says. */
	if (boot_cpu_has(X86_FEATURE_RTM))
		active |= vmx_shared_msr_bit(MSR_IA32_TSX_CTRL);

	/* A nested guest's hypervisor comes back soon, maybe with another EFER. */
	if (is_guest_mode(vcpu))
		active |= vmx->shared_msrs.active;

	/* An active EFER may have another value, too. */
	if (active == vmx->shared_msrs.active && cpu_has_load_ia32_efer())
		return;

	vmx_passthrough_keep(vmx, active);

	vmx->shared_msrs.active = active;
	vmx_demand_reconsider(vmx);
	kvm_shared_msrs_changed(&vmx->shared_msrs.set);

	preempt_disable();
	if (vmx->guest_state_loaded)
		vmx_demand_load_shared_msrs(vmx);
	preempt_enable();
}

/**
 * vmx_set_guest_shared_msr - change a guest's value of a shared MSR
 * @vmx: the vCPU
 * @msr: the value, from vmx_find_shared_msr()
 * @data: the new value
 *
 * An active MSR is written even if the guest's values are not loaded: which
 * values it takes, hardware knows best. An inactive one must not keep a value
 * that hardware would refuse later. KVM has checked the values of LSTAR, CSTAR,
 * TSC_AUX and TSX_CTRL before, and STAR takes any.
 *
 * Context: Process context, the vCPU is loaded. Disables preemption.
 * Return: 0, or 1 for "inject #GP", and the value is the old one.
 */
int vmx_set_guest_shared_msr(struct vcpu_vmx *vmx, struct kvm_shared_msr *msr,
			     u64 data)
{
	unsigned int slot = msr - vmx->shared_msrs.set.msrs;
	int ret = 0;

	/* Bits 63:32 are reserved (Intel SDM volume 4, "IA32_FMASK"). */
	if (slot == kvm_find_shared_msr(MSR_SYSCALL_MASK) && data >> 32)
		return 1;

	if (vmx->shared_msrs.set.passthrough & BIT(slot))
		vmx_passthrough_end(vmx);

	if (vmx->shared_msrs.active & BIT(slot)) {
		preempt_disable();
		ret = kvm_set_shared_msr(vmx->shared_msrs.set.owner, slot, data,
					 msr->mask);
		preempt_enable();
	}
	if (!ret) {
		msr->data = data;
		kvm_shared_msrs_changed(&vmx->shared_msrs.set);
		vmx_passthrough_count_write(vmx, slot);
	}
	return ret;
}
