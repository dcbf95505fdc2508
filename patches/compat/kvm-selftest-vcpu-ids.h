/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct kvm_vcpu, and calls that take one, for KVM selftest libraries that know
 * a vCPU by its VM and its number (up to 5.19). Calls that exist there with
 * other arguments are rewritten by kvm-selftest-vcpu-ids.cocci.
 */
#ifndef SELFTEST_KVM_VCPU_IDS_H
#define SELFTEST_KVM_VCPU_IDS_H

#include <errno.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <sys/mman.h>

#include "kvm_util.h"
#include "processor.h"
#include "../../lib/kvm_util_internal.h"

/* Some libraries have some of these, with other arguments. */
#define _vcpu_set_msr		vcpu_ids__vcpu_set_msr
#define __vcpu_set_cpuid	vcpu_ids___vcpu_set_cpuid
#define cpuid			vcpu_ids_cpuid
#define outl			vcpu_ids_outl
#define vcpu_fpu_get		vcpu_ids_vcpu_fpu_get
#define vcpu_fpu_set		vcpu_ids_vcpu_fpu_set
#define vm_create_with_vcpus	vcpu_ids_vm_create_with_vcpus
#define vm_vaddr_alloc_page	vcpu_ids_vm_vaddr_alloc_page

struct kvm_vcpu {
	struct kvm_vm *vm;
	u32 id;
	int fd;
	struct kvm_run *run;
	struct kvm_cpuid2 *cpuid;
	int run_size;
	struct kvm_vcpu *next;
};

#ifndef ksft_finished
#define ksft_finished()						\
	ksft_exit(ksft_plan == ksft_get_pass_cnt() +		\
		  ksft_get_xfail_cnt() + ksft_get_xskip_cnt())
#endif

#ifndef ksft_test_result
#define ksft_test_result(condition, ...)			\
	((condition) ? ksft_test_result_pass(__VA_ARGS__) :	\
		       ksft_test_result_fail(__VA_ARGS__))
#endif

#ifndef ksft_exit
#define ksft_exit(condition)					\
	((condition) ? ksft_exit_pass() : ksft_exit_fail())
#endif

#ifndef GUEST_SYNC_ARGS
#define GUEST_SYNC_ARGS(stage, arg1, arg2, arg3, arg4)		\
	ucall(UCALL_SYNC, 6, "hello", stage, arg1, arg2, arg3, arg4)
#endif

#ifndef BIT
#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#endif

#ifndef MSR_IA32_ARCH_CAPABILITIES
#define MSR_IA32_ARCH_CAPABILITIES	0x10a
#endif

#ifndef MSR_IA32_TSX_CTRL
#define MSR_IA32_TSX_CTRL	0x122
#define TSX_CTRL_RTM_DISABLE	BIT(0)
#define TSX_CTRL_CPUID_CLEAR	BIT(1)
#endif

#define NMI_VECTOR		0x02

#define __vm_ioctl(vm, cmd, arg)	ioctl((vm)->fd, cmd, arg)

static inline bool kvm_has_cap(long cap)
{
	return kvm_check_cap(cap);
}

/* Unlike _vcpu_run(), comes back when a signal ends KVM_RUN. */
static inline int __vcpu_run(struct kvm_vcpu *vcpu)
{
	return ioctl(vcpu->fd, KVM_RUN, NULL);
}

static inline void vcpu_mp_state_get(struct kvm_vcpu *vcpu,
				     struct kvm_mp_state *mp_state)
{
	vcpu_ioctl(vcpu->vm, vcpu->id, KVM_GET_MP_STATE, mp_state);
}

static inline void vcpu_fpu_get(struct kvm_vm *vm, u32 id, struct kvm_fpu *fpu)
{
	vcpu_ioctl(vm, id, KVM_GET_FPU, fpu);
}

static inline void vcpu_fpu_set(struct kvm_vm *vm, u32 id, struct kvm_fpu *fpu)
{
	vcpu_ioctl(vm, id, KVM_SET_FPU, fpu);
}

static inline int _vcpu_set_msr(struct kvm_vm *vm, u32 id, u32 index, u64 value)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entry;
	} msrs = {
		.header.nmsrs = 1,
		.entry = { .index = index, .data = value },
	};

	return _vcpu_ioctl(vm, id, KVM_SET_MSRS, &msrs);
}

static inline void outl(u16 port, u32 value)
{
	asm volatile("out %0, %1" : : "a"(value), "Nd"(port));
}

#endif /* SELFTEST_KVM_VCPU_IDS_H */
