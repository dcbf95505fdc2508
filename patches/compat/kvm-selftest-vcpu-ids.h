/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct kvm_vcpu and what else tests expect of the KVM selftest library, for
 * libraries that know a vCPU by its VM and its number (5.10). Calls that exist
 * there with other arguments are rewritten by kvm-selftest-vcpu-ids.cocci; what
 * does not exist there is here.
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
#define cpu_relax		vcpu_ids_cpu_relax
#define cpuid			vcpu_ids_cpuid
#define is_amd_cpu		vcpu_ids_is_amd_cpu
#define outl			vcpu_ids_outl
#define vcpu_fpu_get		vcpu_ids_vcpu_fpu_get
#define vcpu_fpu_set		vcpu_ids_vcpu_fpu_set
#define vm_check_cap		vcpu_ids_vm_check_cap
#define vm_create_with_vcpus	vcpu_ids_vm_create_with_vcpus
#define vm_vaddr_alloc_page	vcpu_ids_vm_vaddr_alloc_page
#define vm_vaddr_alloc_pages	vcpu_ids_vm_vaddr_alloc_pages

struct kvm_vcpu {
	struct kvm_vm *vm;
	u32 id;
	int fd;
	struct kvm_run *run;
	struct kvm_cpuid2 *cpuid;
	int run_size;
	struct kvm_vcpu *next;
};

/* Every vCPU of the program, since the library's VM does not know them: one list. */
struct kvm_vcpu *all_vcpus __attribute__((weak));

/* --- Reports --- */

#define __TEST_REQUIRE(f, fmt, ...)				\
do {								\
	if (!(f))						\
		ksft_exit_skip("- " fmt "\n", ##__VA_ARGS__);	\
} while (0)

#define TEST_REQUIRE(f) __TEST_REQUIRE(f, "Requirement not met: %s", #f)

#define REPORT_GUEST_ASSERT(uc)					\
do {								\
	struct ucall __uc = (uc);				\
								\
	TEST_FAIL("%s at line %lu", (char *)__uc.args[0],	\
		  __uc.args[1]);				\
} while (0)

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

/* --- CPUID --- */

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

#define X86_FEATURE_VMX			KVM_X86_CPU_FEATURE(0x1, 0, ECX, 5)
#define X86_FEATURE_X2APIC		KVM_X86_CPU_FEATURE(0x1, 0, ECX, 21)
#define X86_FEATURE_TSC_DEADLINE_TIMER	KVM_X86_CPU_FEATURE(0x1, 0, ECX, 24)
#define X86_FEATURE_XSAVE		KVM_X86_CPU_FEATURE(0x1, 0, ECX, 26)
#define X86_FEATURE_FSGSBASE		KVM_X86_CPU_FEATURE(0x7, 0, EBX, 0)
#define X86_FEATURE_TSC_ADJUST		KVM_X86_CPU_FEATURE(0x7, 0, EBX, 1)
#define X86_FEATURE_HLE			KVM_X86_CPU_FEATURE(0x7, 0, EBX, 4)
#define X86_FEATURE_SMEP		KVM_X86_CPU_FEATURE(0x7, 0, EBX, 7)
#define X86_FEATURE_RTM			KVM_X86_CPU_FEATURE(0x7, 0, EBX, 11)
#define X86_FEATURE_SMAP		KVM_X86_CPU_FEATURE(0x7, 0, EBX, 20)
#define X86_FEATURE_UMIP		KVM_X86_CPU_FEATURE(0x7, 0, ECX, 2)
#define X86_FEATURE_LA57		KVM_X86_CPU_FEATURE(0x7, 0, ECX, 16)
#define X86_FEATURE_RDPID		KVM_X86_CPU_FEATURE(0x7, 0, ECX, 22)
#define X86_FEATURE_SPEC_CTRL		KVM_X86_CPU_FEATURE(0x7, 0, EDX, 26)
#define X86_FEATURE_ARCH_CAPABILITIES	KVM_X86_CPU_FEATURE(0x7, 0, EDX, 29)
#define X86_FEATURE_SVM			KVM_X86_CPU_FEATURE(0x80000001, 0, ECX, 2)
#define X86_FEATURE_NX			KVM_X86_CPU_FEATURE(0x80000001, 0, EDX, 20)
#define X86_FEATURE_RDTSCP		KVM_X86_CPU_FEATURE(0x80000001, 0, EDX, 27)
#define X86_FEATURE_LM			KVM_X86_CPU_FEATURE(0x80000001, 0, EDX, 29)
#define X86_FEATURE_NPT			KVM_X86_CPU_FEATURE(0x8000000A, 0, EDX, 0)
#define X86_FEATURE_NRIPS		KVM_X86_CPU_FEATURE(0x8000000A, 0, EDX, 3)
#define X86_FEATURE_SEV			KVM_X86_CPU_FEATURE(0x8000001F, 0, EAX, 1)
#define X86_FEATURE_SEV_ES		KVM_X86_CPU_FEATURE(0x8000001F, 0, EAX, 3)

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

static inline bool is_amd_cpu(void)
{
	u32 eax, ebx, ecx, edx;

	cpuid(0, &eax, &ebx, &ecx, &edx);
	return ebx == 0x68747541 && edx == 0x69746e65 && ecx == 0x444d4163;
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
static inline bool kvm_cpuid_has(struct kvm_cpuid2 *cpuid,
				 struct kvm_x86_cpu_feature feature)
{
	struct kvm_cpuid_entry2 *entry;

	entry = __find_cpuid_entry(cpuid, feature.function, feature.index);
	return entry && (&entry->eax)[feature.reg] & BIT(feature.bit);
}

static inline bool kvm_cpu_has(struct kvm_x86_cpu_feature feature)
{
	return kvm_cpuid_has(kvm_get_supported_cpuid(), feature);
}

static inline struct kvm_cpuid_entry2 *
__vcpu_get_cpuid_entry(struct kvm_vcpu *vcpu, u32 function, u32 index)
{
	struct kvm_cpuid_entry2 *entry;

	entry = __find_cpuid_entry(vcpu->cpuid, function, index);
	TEST_ASSERT(entry, "no CPUID entry %#x.%#x", function, index);
	return entry;
}

static inline struct kvm_cpuid_entry2 *
vcpu_get_cpuid_entry(struct kvm_vcpu *vcpu, u32 function)
{
	return __vcpu_get_cpuid_entry(vcpu, function, 0);
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

static inline void
vcpu_set_or_clear_cpuid_feature(struct kvm_vcpu *vcpu,
				struct kvm_x86_cpu_feature feature, bool set)
{
	struct kvm_cpuid_entry2 *entry;
	u32 *reg;

	entry = __vcpu_get_cpuid_entry(vcpu, feature.function, feature.index);
	reg = &entry->eax + feature.reg;
	if (set)
		*reg |= BIT(feature.bit);
	else
		*reg &= ~BIT(feature.bit);
	vcpu_set_own_cpuid(vcpu);
}

static inline void vcpu_set_cpuid_feature(struct kvm_vcpu *vcpu,
					  struct kvm_x86_cpu_feature feature)
{
	vcpu_set_or_clear_cpuid_feature(vcpu, feature, true);
}

static inline void vcpu_clear_cpuid_feature(struct kvm_vcpu *vcpu,
					    struct kvm_x86_cpu_feature feature)
{
	vcpu_set_or_clear_cpuid_feature(vcpu, feature, false);
}

static inline void vcpu_clear_cpuid_entry(struct kvm_vcpu *vcpu,
					  u32 function)
{
	struct kvm_cpuid_entry2 *entry = vcpu_get_cpuid_entry(vcpu, function);

	entry->eax = 0;
	entry->ebx = 0;
	entry->ecx = 0;
	entry->edx = 0;
	vcpu_set_own_cpuid(vcpu);
}

/* --- VMs and vCPUs --- */

/* This library maps no more than struct kvm_run: the data of PIO come after. */
static inline struct kvm_vcpu *__wrap_vcpu(struct kvm_vm *vm, u32 id)
{
	struct kvm_vcpu *vcpu = calloc(1, sizeof(*vcpu));
	int size = ioctl(vm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, NULL);

	TEST_ASSERT(vcpu, "Insufficient Memory");
	TEST_ASSERT(size > 0, "KVM_GET_VCPU_MMAP_SIZE failed, errno: %i", errno);
	vcpu->vm = vm;
	vcpu->id = id;
	vcpu->fd = vcpu_find(vm, id)->fd;
	vcpu->run_size = size;
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	TEST_ASSERT(vcpu->run != MAP_FAILED, "mmap of a vCPU failed, errno: %i",
		    errno);
	vcpu->next = all_vcpus;
	all_vcpus = vcpu;
	return vcpu;
}

/* A VM lives on as long as one of its vCPUs is mapped. */
static inline void vm_unwrap_vcpus(struct kvm_vm *vm)
{
	struct kvm_vcpu **link = &all_vcpus;
	struct kvm_vcpu *vcpu;

	while ((vcpu = *link)) {
		if (vcpu->vm != vm) {
			link = &vcpu->next;
			continue;
		}
		*link = vcpu->next;
		munmap(vcpu->run, vcpu->run_size);
		free(vcpu->cpuid);
		free(vcpu);
	}
}

static inline void vm_free_with_vcpus(struct kvm_vm *vm)
{
	vm_unwrap_vcpus(vm);
	kvm_vm_free(vm);
}

static inline void vm_release_with_vcpus(struct kvm_vm *vm)
{
	vm_unwrap_vcpus(vm);
	kvm_vm_release(vm);
}

static inline struct kvm_vcpu *__vm_vcpu_add(struct kvm_vm *vm, u32 id)
{
	vm_vcpu_add(vm, id);
	return __wrap_vcpu(vm, id);
}

/* This library leaves a vCPU without CPUID, later ones give it all there is. */
static inline struct kvm_vcpu *vm_vcpu_add_guest(struct kvm_vm *vm, u32 id,
						 void *guest_code)
{
	struct kvm_vcpu *vcpu;

	vm_vcpu_add_default(vm, id, guest_code);
	vcpu = __wrap_vcpu(vm, id);
	vcpu_init_cpuid(vcpu, kvm_get_supported_cpuid());
	return vcpu;
}

static inline struct kvm_vm *vm_create_barebones(void)
{
	return vm_create(VM_MODE_DEFAULT, 0, O_RDWR);
}

/* A page table page maps 512 pages; leave room for twice as many. */
static inline struct kvm_vm *__vm_create_for_vcpus(u32 nr_vcpus,
						   u64 extra_pages)
{
	u64 pages = DEFAULT_GUEST_PHY_PAGES +
			 nr_vcpus * (DEFAULT_STACK_PGS + 1);
	struct kvm_vm *vm;

	vm = vm_create(VM_MODE_DEFAULT,
		       pages + extra_pages + extra_pages / 512 * 2, O_RDWR);
	kvm_vm_elf_load(vm, program_invocation_name);
	vm_create_irqchip(vm);
	return vm;
}

static inline struct kvm_vm *vm_create_for_vcpus(u32 nr_vcpus)
{
	return __vm_create_for_vcpus(nr_vcpus, 0);
}

static inline struct kvm_vm *
__vm_create_with_one_vcpu(struct kvm_vcpu **vcpu, u64 extra_pages,
			  void *guest_code)
{
	struct kvm_vm *vm = __vm_create_for_vcpus(1, extra_pages);

	*vcpu = vm_vcpu_add_guest(vm, 0, guest_code);
	return vm;
}

static inline struct kvm_vm *vm_create_with_one_vcpu(struct kvm_vcpu **vcpu,
						     void *guest_code)
{
	return __vm_create_with_one_vcpu(vcpu, 0, guest_code);
}

static inline struct kvm_vm *vm_create_with_vcpus(u32 nr_vcpus,
						  void *guest_code,
						  struct kvm_vcpu *vcpus[])
{
	struct kvm_vm *vm = __vm_create_for_vcpus(nr_vcpus, 0);
	u32 i;

	for (i = 0; i < nr_vcpus; i++)
		vcpus[i] = vm_vcpu_add_guest(vm, i, guest_code);
	return vm;
}

static inline struct kvm_vcpu *vm_recreate_with_one_vcpu(struct kvm_vm *vm)
{
	struct kvm_vcpu *vcpu;

	kvm_vm_restart(vm, O_RDWR);
	vcpu = __vm_vcpu_add(vm, 0);
	vcpu_init_cpuid(vcpu, kvm_get_supported_cpuid());
	return vcpu;
}

static inline vm_vaddr_t vm_vaddr_alloc_pages(struct kvm_vm *vm, int nr_pages)
{
	return vm_vaddr_alloc(vm, nr_pages * getpagesize(), KVM_UTIL_MIN_VADDR);
}

static inline vm_vaddr_t vm_vaddr_alloc_page(struct kvm_vm *vm)
{
	return vm_vaddr_alloc_pages(vm, 1);
}

/* --- ioctls --- */

#define vm_get_fd(vm)			((vm)->fd)
#define __vm_ioctl(vm, cmd, arg)	ioctl(vm_get_fd(vm), cmd, arg)

static inline bool kvm_has_cap(long cap)
{
	return kvm_check_cap(cap);
}

static inline int vm_check_cap(struct kvm_vm *vm, long cap)
{
	int ret = __vm_ioctl(vm, KVM_CHECK_EXTENSION, cap);

	TEST_ASSERT(ret >= 0, "KVM_CHECK_EXTENSION failed, errno: %i", errno);
	return ret;
}

static inline int __vm_enable_cap(struct kvm_vm *vm, u32 cap, u64 arg)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { arg } };

	return __vm_ioctl(vm, KVM_ENABLE_CAP, &enable);
}

static inline void vm_enable_cap_arg(struct kvm_vm *vm, u32 cap,
				     u64 arg)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { arg } };

	vm_enable_cap(vm, &enable);
}

static inline void vcpu_enable_cap_arg(struct kvm_vcpu *vcpu, u32 cap,
				       u64 arg)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { arg } };

	vcpu_ioctl(vcpu->vm, vcpu->id, KVM_ENABLE_CAP, &enable);
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

static inline void vcpu_msrs_get(struct kvm_vcpu *vcpu, struct kvm_msrs *msrs)
{
	int r = ioctl(vcpu->fd, KVM_GET_MSRS, msrs);

	TEST_ASSERT(r == msrs->nmsrs, "KVM_GET_MSRS failed, r: %i", r);
}

static inline void vcpu_msrs_set(struct kvm_vcpu *vcpu, struct kvm_msrs *msrs)
{
	int r = ioctl(vcpu->fd, KVM_SET_MSRS, msrs);

	TEST_ASSERT(r == msrs->nmsrs, "KVM_SET_MSRS failed, r: %i", r);
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

static inline bool kvm_msr_is_in_save_restore_list(u32 msr_index)
{
	struct {
		struct kvm_msr_list header;
		u32 indices[1024];
	} list = { .header.nmsrs = 1024 };
	int i, kvm = open(KVM_DEV_PATH, O_RDWR);

	TEST_ASSERT(kvm >= 0 && !ioctl(kvm, KVM_GET_MSR_INDEX_LIST, &list),
		    "KVM_GET_MSR_INDEX_LIST failed, errno: %i", errno);
	close(kvm);
	for (i = 0; i < list.header.nmsrs; i++) {
		if (list.indices[i] == msr_index)
			return true;
	}
	return false;
}

static inline bool __get_kvm_param_bool(const char *module, const char *param)
{
	char path[128];
	int fd, r;
	char value;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module,
		 param);
	fd = open(path, O_RDONLY);
	TEST_ASSERT(fd >= 0, "cannot open %s, errno: %i", path, errno);
	r = read(fd, &value, 1);
	close(fd);
	TEST_ASSERT(r == 1, "cannot read %s, errno: %i", path, errno);
	return value == 'Y' || value == '1';
}

static inline bool get_kvm_intel_param_bool(const char *param)
{
	return __get_kvm_param_bool("kvm_intel", param);
}

static inline bool get_kvm_amd_param_bool(const char *param)
{
	return __get_kvm_param_bool("kvm_amd", param);
}

/* --- Guest --- */

#define NMI_VECTOR	0x02

static inline void outl(u16 port, u32 value)
{
	asm volatile("out %0, %1" : : "a"(value), "Nd"(port));
}

static inline void hlt(void)
{
	asm volatile("hlt");
}

static inline void ud2(void)
{
	asm volatile("ud2");
}

static inline void vmmcall(void)
{
	asm volatile("vmmcall");
}

static inline void cpu_relax(void)
{
	asm volatile("rep; nop" ::: "memory");
}

#endif /* SELFTEST_KVM_VCPU_IDS_H */
