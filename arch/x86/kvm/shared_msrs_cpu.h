/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUs do with the shared MSRs, and WRMSRNS. */
#ifndef ARCH_X86_KVM_SHARED_MSRS_CPU_H
#define ARCH_X86_KVM_SHARED_MSRS_CPU_H

#include <linux/bits.h>
#include <linux/cpufeature.h>
#include <linux/errno.h>
#include <linux/types.h>

#include <asm/asm.h>
#include <asm/msr.h>
#include <asm/special_insns.h>

static inline bool cpu_has_wrmsrns(void)
{
	return boot_cpu_has(X86_FEATURE_WRMSRNS);
}

/*
 * The kernel's own wrmsrns() warns if the value is refused, which may be a
 * guest's. The instruction (Intel SDM volume 2) is given as bytes, because older
 * assemblers do not know it. Unlike WRMSR it is not serializing, but later
 * instructions see the new value all the same.
 */
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
	if (!err && tracepoint_enabled(write_msr))
		do_trace_write_msr(msr, value, 0);
	return err;
}

/* CR4; a kernel that does not know FRED never sets it. */
#define CR4_FRED 32

static inline bool cpu_runs_fred(void)
{
	return __read_cr4() & BIT_ULL(CR4_FRED);
}

/*
 * With FRED the SYSCALL of user mode is an event like an exception, and goes
 * where these MSRs do not say; STAR still has the selectors (Intel FRED
 * specification, "Event Delivery"). So the host's values need not come back
 * before the CPU disables virtualization.
 */
static inline bool kvm_user_mode_uses(u32 msr, bool fred)
{
	return !fred || (msr != MSR_LSTAR && msr != MSR_CSTAR &&
			 msr != MSR_SYSCALL_MASK);
}

/*
 * The host's value differs from boot to boot (addresses of the kernel) or from
 * CPU to CPU. All other shared MSRs hold constants of the kernel.
 */
static inline bool kvm_shared_msr_is_secret(u32 msr)
{
	return msr == MSR_LSTAR || msr == MSR_CSTAR || msr == MSR_TSC_AUX;
}

#endif /* ARCH_X86_KVM_SHARED_MSRS_CPU_H */
