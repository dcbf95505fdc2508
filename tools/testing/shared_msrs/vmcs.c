// SPDX-License-Identifier: GPL-2.0-only
/* The VMCSs, and what they let guests execute: rule 6. */
#include "guest.h"

bool cpu_has_load_ia32_efer(void)
{
	return vcpu_config->load_efer;
}

/* VMREAD and VMWRITE take the VMCS that is current on the CPU. */
struct loaded_vmcs *current_vmcs(struct vcpu_vmx *vmx)
{
	sim_point("before a VMREAD or VMWRITE");
	if (this_cpu()->task != vmx->vcpu.vcpu_id)
		violation(0, "the VMCS of vCPU %d is not loaded on CPU %d",
			  vmx->vcpu.vcpu_id, now.cpu);
	return vmx->loaded_vmcs;
}

u32 secondary_exec_controls_get(struct vcpu_vmx *vmx)
{
	return current_vmcs(vmx)->secondary;
}

void secondary_exec_controls_set(struct vcpu_vmx *vmx, u32 value)
{
	current_vmcs(vmx)->secondary = value;
}

static unsigned long closed_in(const struct loaded_vmcs *vmcs,
			       const struct loaded_vmcs *open)
{
	unsigned long groups = 0;

	if (vmcs->guest_efer != open->guest_efer) {
		if (vmcs->guest_efer != (open->guest_efer & ~EFER_SCE))
			violation(6, "the guest runs with EFER 0x%llx instead of 0x%llx",
				  vmcs->guest_efer, open->guest_efer);
		groups |= SYSCALL;
	}
	if (vmcs->secondary != open->secondary) {
		if (vmcs->secondary)
			violation(6, "the guest has RDTSCP, which its CPUID lacks");
		groups |= TSC_AUX;
	}
	return groups;
}

unsigned long closed(int v)
{
	return closed_in(&vcpus.vmx[v].vmcs01, &vcpus.guest[v].vmcs01);
}

void check_gates(int v)
{
	const struct vcpu_vmx *vmx = &vcpus.vmx[v];
	const struct guest *guest = &vcpus.guest[v];

	observe("closed gates", closed(v));
	if (guest->efer != vmx->vcpu.arch.efer)
		violation(6, "vCPU %d reads another EFER than it has written", v);
	if (closed_in(&vmx->vmcs02, &guest->vmcs02))
		violation(6, "a gate of vCPU %d is closed in vmcs02", v);
	if (!closed(v))
		return;
	if (vmx->loaded_vmcs != &vmx->vmcs01)
		violation(6, "a gate of vCPU %d is closed in vmcs01 while vmcs02 is current",
			  v);
	if (!vcpu_config->demand)
		violation(6, "vCPU %d has a gate, with demand loading off", v);
	if (closed(v) & TSC_AUX && guest->cpuid & X86_FEATURE_RTM)
		violation(6, "a transaction of vCPU %d hides the #UD of RDTSCP", v);
}

unsigned long allowed(int v)
{
	const struct guest *guest = &vcpus.guest[v];
	unsigned long groups = 0;

	if (guest->efer & EFER_LMA && guest->efer & EFER_SCE)
		groups |= SYSCALL;
	if (guest->cpuid & X86_FEATURE_RDTSCP)
		groups |= TSC_AUX;
	return groups;
}

unsigned long executable(int v)
{
	const struct loaded_vmcs *vmcs = vcpus.vmx[v].loaded_vmcs;
	u64 efer = vmcs->guest_efer;
	unsigned long groups = 0;

	if (!vcpu_config->load_efer && !vcpus.vmx[v].efer_listed)
		efer = this_cpu()->msr[slot_of(MSR_EFER)];
	if (vcpus.guest[v].efer & EFER_LMA && efer & EFER_SCE)
		groups |= SYSCALL;
	if (vmcs->secondary & SECONDARY_EXEC_ENABLE_RDTSCP)
		groups |= TSC_AUX;
	return groups;
}

/* Where the bitmaps of the vCPUs' vmcs01 would be. */
char bitmaps[SIM_VCPUS][4096];

/* Intel SDM volume 3, "MSR-Bitmap Address" */
void __assign_bit(unsigned int nr, void *bitmap, bool value)
{
	ptrdiff_t offset = (char *)bitmap - bitmaps[0];
	struct loaded_vmcs *vmcs = &vcpus.vmx[offset / 4096].vmcs01;
	int slot = slot_of(0xc0000000 + nr);
	u32 *passes = &vmcs->rdmsr_passes;

	offset %= 4096;
	if (offset == 0xc00)
		passes = &vmcs->wrmsr_passes;
	else if (offset != 0x400)
		violation(0, "nobody knows byte 0x%tx of the MSR bitmap", offset);
	if (slot < 0)
		violation(2, "MSR 0x%x passes through", 0xc0000000 + nr);
	*passes &= ~(1u << slot);
	*passes |= (u32)!value << slot;
}

/* A CPU that lacks the one is an old one, and may lack the other. */
bool cpu_has_vmx_msr_bitmap(void)
{
	return vcpu_config->load_efer;
}

bool kvm_msr_allowed(struct kvm_vcpu *vcpu, u32 index, u32 type)
{
	return vcpus.guest[vcpu->vcpu_id].filtered != type;
}

bool passes(int v, u32 index)
{
	const struct vcpu_vmx *vmx = &vcpus.vmx[v];

	return vmx->loaded_vmcs == &vmx->vmcs01 &&
	       vmx->vmcs01.wrmsr_passes & 1u << slot_of(index);
}

/* Nothing passes of which KVM must know, or that the guest cannot use. */
static void check_passthrough(int v)
{
	const struct loaded_vmcs *vmcs01 = &vcpus.vmx[v].vmcs01;
	static const u32 groups[][3] = {
		{ MSR_STAR, MSR_LSTAR, MSR_SYSCALL_MASK }, { MSR_TSC_AUX },
	};
	unsigned long has = allowed(v);
	u32 may = 0;
	int group, i;

	if (vcpus.guest[v].cpuid & X86_FEATURE_RDPID)
		has |= TSC_AUX;
	observe("MSRs that pass through", vmcs01->wrmsr_passes);
	for (group = 0; group < VMX_NR_DEMAND_GROUPS; group++) {
		for (i = 0; i < 3 && has & BIT(group); i++) {
			if (groups[group][i] && slot_of(groups[group][i]) >= 0)
				may |= 1u << slot_of(groups[group][i]);
		}
	}
	if (vmcs01->rdmsr_passes != vmcs01->wrmsr_passes)
		violation(2, "of vCPU %d's MSRs some pass one way only", v);
	/* A nested guest has another EFER, and passes nothing. */
	if (!vmcs01->wrmsr_passes || vcpus.vmx[v].loaded_vmcs != &vcpus.vmx[v].vmcs01)
		return;
	if (!vcpu_config->passthrough || vmcs01->wrmsr_passes & ~may)
		violation(2, "vCPU %d writes MSRs that it must not", v);
	if (vcpus.guest[v].filtered)
		violation(2, "vCPU %d writes MSRs that its VMM wants to handle", v);
	if (closed(v))
		violation(6, "vCPU %d's MSRs pass through behind a closed gate", v);
}

/* 0, or what the guest has written before. */
static bool is_own(int v, u32 index, u64 value)
{
	return !value || value == vcpu_value(v, index, false) ||
	       value == vcpu_value(v, index, true);
}

/* Instead of a value that hardware refuses, the guest gets no other VM's. */
static void check_value(int v, u32 index, u64 mask)
{
	int slot = slot_of(index);
	u64 value;

	if (slot < 0)
		return;
	value = vcpus.guest[v].msrs[slot];
	if (!(value & SIM_RESERVED))
		rules_in_guest(now.cpu, slot, value, mask);
	else if (!is_own(v, index, this_cpu()->msr[slot]))
		violation(7, "vCPU %d runs with somebody else's value of MSR 0x%x",
			  v, index);
}

void check_entry(int v)
{
	unsigned long groups = executable(v);

	check_gates(v);
	check_passthrough(v);
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
