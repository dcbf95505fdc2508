/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a vCPU's CPUID says, for KVM selftest libraries that keep no CPUID with a
 * vCPU (up to 5.19).
 */
#ifndef SELFTEST_KVM_VCPU_CPUID_H
#define SELFTEST_KVM_VCPU_CPUID_H

#include "vcpu_ids.h"

enum cpuid_output_regs {
	KVM_CPUID_EAX,
	KVM_CPUID_EBX,
	KVM_CPUID_ECX,
	KVM_CPUID_EDX
};

struct kvm_x86_cpu_feature {
	u32 function;
	u16 index;
	u8 reg;
	u8 bit;
};

#define KVM_X86_CPU_FEATURE(fn, idx, gpr, nr)	\
	((struct kvm_x86_cpu_feature){ fn, idx, KVM_CPUID_##gpr, nr })

#define X86_FEATURE_VMX		KVM_X86_CPU_FEATURE(0x1, 0, ECX, 5)
#define X86_FEATURE_RTM		KVM_X86_CPU_FEATURE(0x7, 0, EBX, 11)
#define X86_FEATURE_LA57	KVM_X86_CPU_FEATURE(0x7, 0, ECX, 16)
#define X86_FEATURE_RDPID	KVM_X86_CPU_FEATURE(0x7, 0, ECX, 22)
#define X86_FEATURE_RDTSCP	KVM_X86_CPU_FEATURE(0x80000001, 0, EDX, 27)
#define X86_FEATURE_LM		KVM_X86_CPU_FEATURE(0x80000001, 0, EDX, 29)

static inline void __cpuid(u32 function, u32 index, u32 *eax,
			   u32 *ebx, u32 *ecx, u32 *edx)
{
	asm volatile("cpuid"
		     : "=a"(*eax), "=b"(*ebx), "=c"(*ecx), "=d"(*edx)
		     : "0"(function), "2"(index)
		     : "memory");
}

static inline void cpuid(u32 function, u32 *eax, u32 *ebx,
			 u32 *ecx, u32 *edx)
{
	__cpuid(function, 0, eax, ebx, ecx, edx);
}

static inline bool this_cpu_has(struct kvm_x86_cpu_feature feature)
{
	u32 gprs[4];

	__cpuid(feature.function, feature.index, &gprs[0], &gprs[1], &gprs[2],
		&gprs[3]);
	return gprs[feature.reg] & BIT(feature.bit);
}

static inline struct kvm_cpuid_entry2 *
__find_cpuid_entry(struct kvm_cpuid2 *cpuid, u32 function, u32 index)
{
	int i;

	for (i = 0; i < cpuid->nent; i++) {
		if (cpuid->entries[i].function == function &&
		    cpuid->entries[i].index == index)
			return &cpuid->entries[i];
	}
	return NULL;
}

/* The registers of an entry are in the order of enum cpuid_output_regs. */
static inline bool kvm_cpu_has(struct kvm_x86_cpu_feature feature)
{
	struct kvm_cpuid_entry2 *entry;

	entry = __find_cpuid_entry(kvm_get_supported_cpuid(), feature.function,
				   feature.index);
	return entry && (&entry->eax)[feature.reg] & BIT(feature.bit);
}

static inline struct kvm_cpuid_entry2 *
vcpu_get_cpuid_entry(struct kvm_vcpu *vcpu, u32 function)
{
	struct kvm_cpuid_entry2 *entry;

	entry = __find_cpuid_entry(vcpu->cpuid, function, 0);
	TEST_ASSERT(entry, "no CPUID entry %#x", function);
	return entry;
}

static inline int __vcpu_set_cpuid(struct kvm_vcpu *vcpu)
{
	return ioctl(vcpu->fd, KVM_SET_CPUID2, vcpu->cpuid);
}

/* KVM adjusts what it is given: read it back. */
static inline void vcpu_set_own_cpuid(struct kvm_vcpu *vcpu)
{
	TEST_ASSERT(!__vcpu_set_cpuid(vcpu), "KVM_SET_CPUID2 failed, errno: %i",
		    errno);
	TEST_ASSERT(!ioctl(vcpu->fd, KVM_GET_CPUID2, vcpu->cpuid),
		    "KVM_GET_CPUID2 failed, errno: %i", errno);
}

static inline void vcpu_init_cpuid(struct kvm_vcpu *vcpu,
				   const struct kvm_cpuid2 *cpuid)
{
	size_t size = sizeof(*cpuid) + cpuid->nent * sizeof(cpuid->entries[0]);

	free(vcpu->cpuid);
	vcpu->cpuid = malloc(size);
	TEST_ASSERT(vcpu->cpuid, "Insufficient Memory");
	memcpy(vcpu->cpuid, cpuid, size);
	vcpu_set_own_cpuid(vcpu);
}

static inline void vcpu_clear_cpuid_feature(struct kvm_vcpu *vcpu,
					    struct kvm_x86_cpu_feature feature)
{
	struct kvm_cpuid_entry2 *entry;

	entry = __find_cpuid_entry(vcpu->cpuid, feature.function, feature.index);
	TEST_ASSERT(entry, "no CPUID entry %#x", feature.function);
	(&entry->eax)[feature.reg] &= ~BIT(feature.bit);
	vcpu_set_own_cpuid(vcpu);
}

#endif /* SELFTEST_KVM_VCPU_CPUID_H */
