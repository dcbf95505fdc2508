/* SPDX-License-Identifier: GPL-2.0-only */
/* KERNEL_GS_BASE of guest and host, switched by SWAPGS. */
#ifndef ARCH_X86_KVM_VMX_KERNEL_GS_BASE_H
#define ARCH_X86_KVM_VMX_KERNEL_GS_BASE_H

#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/types.h>

#include <asm/msr.h>
#include <asm/page.h>

#ifdef CONFIG_X86_64
extern bool vmx_can_swapgs;

void __init vmx_setup_kernel_gs_base(void);
u64 __vmx_exchange_kernel_gs_base(u64 base);

static inline u64 vmx_exchange_kernel_gs_base(u64 base)
{
	unsigned long flags;

	local_irq_save(flags);
	base = __vmx_exchange_kernel_gs_base(base);
	local_irq_restore(flags);

	return base;
}

/**
 * vmx_load_guest_kernel_gs_base - write a guest's value to KERNEL_GS_BASE
 * @guest: the value
 *
 * Context: Preemption disabled; the host's value is saved already.
 */
static inline void vmx_load_guest_kernel_gs_base(u64 guest)
{
	/*
	 * WRGSBASE raises #GP unless the value is canonical (Intel SDM volume 2),
	 * and here that would be fatal. After a WRMSR it only makes a warning.
	 */
	if (likely(vmx_can_swapgs &&
		   sign_extend64(guest, __VIRTUAL_MASK_SHIFT) == guest))
		vmx_exchange_kernel_gs_base(guest);
	else
		wrmsrl(MSR_KERNEL_GS_BASE, guest);
}

/**
 * vmx_load_host_kernel_gs_base - write the host's value to KERNEL_GS_BASE
 * @host: the value that it had before the guest's was loaded
 *
 * Context: Preemption disabled.
 * Return: The guest's value, which the guest changes without an exit.
 */
static inline u64 vmx_load_host_kernel_gs_base(u64 host)
{
	u64 guest;

	if (likely(vmx_can_swapgs))
		return vmx_exchange_kernel_gs_base(host);

	rdmsrl(MSR_KERNEL_GS_BASE, guest);
	wrmsrl(MSR_KERNEL_GS_BASE, host);

	return guest;
}
#else
static inline void vmx_setup_kernel_gs_base(void) {}
#endif

#endif /* ARCH_X86_KVM_VMX_KERNEL_GS_BASE_H */
