// SPDX-License-Identifier: GPL-2.0-only
/*
 * KERNEL_GS_BASE holds the GS base of host user mode or, while a vCPU is
 * switched in, the guest's. With FSGSBASE the CPU can read and write it without
 * an MSR access: between two SWAPGS it is the GS base.
 *
 * See Documentation/virt/kvm/x86/shared-msrs.rst.
 */
#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/pgtable.h>
#include <linux/processor.h>
#include <linux/types.h>

#include <asm/fsgsbase.h>

#include "../shared_msrs_cpu.h"
#include "kernel_gs_base.h"

bool vmx_can_swapgs __ro_after_init;

/**
 * vmx_setup_kernel_gs_base - find out whether SWAPGS can do it
 *
 * With 4-level paging a guest may still load a value that is canonical with 57
 * bits only, if the CPU has LA57, and a hypervisor may hide that from us. Such a
 * value must not become the GS base: an NMI would write it back by WRGSBASE as
 * it leaves, and manuals do not say whether that raises #GP then.
 *
 * Context: Process context, during hardware_setup().
 */
void __init vmx_setup_kernel_gs_base(void)
{
	/* With FRED, SWAPGS raises #UD (Intel FRED specification, "SWAPGS"). */
	if (!boot_cpu_has(X86_FEATURE_FSGSBASE) || cpu_runs_fred())
		return;

	/* CPUID, as Linux clears the feature where it does not use it. */
	vmx_can_swapgs = pgtable_l5_enabled() ||
			 !(boot_cpu_has(X86_FEATURE_HYPERVISOR) ||
			   cpuid_ecx(7) & BIT(X86_FEATURE_LA57 & 31));
}

/*
 * Per-CPU variables cannot be reached between the two SWAPGS, so interrupts must
 * be off, and nothing may trace, probe or instrument this. Only NMI, #MC and #DB
 * can come in between, which do not rely on the GS base that they find.
 */
noinstr u64 __vmx_exchange_kernel_gs_base(u64 base)
{
	u64 old;

	native_swapgs();
	old = rdgsbase();
	wrgsbase(base);
	native_swapgs();

	return old;
}
