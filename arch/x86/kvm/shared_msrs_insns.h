/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WRMSRNS and WRMSRLIST (Intel SDM volume 2), as bytes: older assemblers do not
 * know them, nor do older kernels their CPUID bits or FRED's.
 */
#ifndef ARCH_X86_KVM_SHARED_MSRS_INSNS_H
#define ARCH_X86_KVM_SHARED_MSRS_INSNS_H

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/processor.h>
#include <linux/types.h>

#include <asm/asm.h>
#include <asm/special_insns.h>

/* CPUID.(EAX=7,ECX=1):EAX */
#define CPUID_7_1_EAX_WRMSRNS	BIT(19)
#define CPUID_7_1_EAX_MSRLIST	BIT(27)

static inline u32 cpuid_7_1_eax(void)
{
	u32 eax, ebx, ecx, edx;

	if (boot_cpu_data.cpuid_level < 7 || cpuid_eax(7) < 1)
		return 0;

	cpuid_count(7, 1, &eax, &ebx, &ecx, &edx);
	return eax;
}

static inline bool cpu_has_wrmsrns(void)
{
	return cpuid_7_1_eax() & CPUID_7_1_EAX_WRMSRNS;
}

static inline bool cpu_has_wrmsrlist(void)
{
	return IS_ENABLED(CONFIG_X86_64) &&
	       cpuid_7_1_eax() & CPUID_7_1_EAX_MSRLIST;
}

/* CR4; a kernel that does not know FRED never sets it. */
#define CR4_FRED		32

static inline bool cpu_runs_fred(void)
{
#ifdef CONFIG_X86_64
	return __read_cr4() & BIT(CR4_FRED);
#else
	return false;
#endif
}

/* As WRMSR, but not serializing; later instructions see the new value all the same. */
static inline int wrmsrns_safe(u32 msr, u64 value)
{
	int err = -EIO;

	asm volatile("1:	.byte	0x0f, 0x01, 0xc6\n"
		     "	xor	%[err], %[err]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : [err] "+r" (err)
		     : "c" (msr), "a" ((u32)value), "d" ((u32)(value >> 32))
		     : "memory");
	return err;
}

/*
 * As a WRMSRNS for each bit of @entries, from the lowest on. Returns those that
 * are left, of which the lowest has raised #GP, or 0. In 64-bit mode only.
 */
static inline u64 wrmsrlist(const u64 *msrs, const u64 *values, u64 entries)
{
#ifdef CONFIG_X86_64
	asm volatile("1:	.byte	0xf3, 0x0f, 0x01, 0xc6\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+c" (entries)
		     : "S" (msrs), "D" (values)
		     : "memory");
#endif
	return entries;
}

#endif /* ARCH_X86_KVM_SHARED_MSRS_INSNS_H */
