/* SPDX-License-Identifier: GPL-2.0-only */
/* VMs with vCPUs, for KVM selftest libraries without struct kvm_vcpu (up to 5.19). */
#ifndef SELFTEST_KVM_VM_VCPUS_H
#define SELFTEST_KVM_VM_VCPUS_H

#include "vcpu_cpuid.h"

/* Every vCPU of the program, since the library's VM does not know them: one list. */
struct kvm_vcpu *all_vcpus __attribute__((weak));

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

static inline struct kvm_vm *vm_create_with_vcpus(u32 nr_vcpus,
						  void *guest_code,
						  struct kvm_vcpu *vcpus[])
{
	u64 pages = DEFAULT_GUEST_PHY_PAGES + nr_vcpus * (DEFAULT_STACK_PGS + 1);
	struct kvm_vm *vm = vm_create(VM_MODE_DEFAULT, pages, O_RDWR);
	u32 i;

	kvm_vm_elf_load(vm, program_invocation_name);
	vm_create_irqchip(vm);
	for (i = 0; i < nr_vcpus; i++)
		vcpus[i] = vm_vcpu_add_guest(vm, i, guest_code);
	return vm;
}

static inline struct kvm_vm *vm_create_with_one_vcpu(struct kvm_vcpu **vcpu,
						     void *guest_code)
{
	return vm_create_with_vcpus(1, guest_code, vcpu);
}

static inline struct kvm_vcpu *vm_recreate_with_one_vcpu(struct kvm_vm *vm)
{
	struct kvm_vcpu *vcpu;

	kvm_vm_restart(vm, O_RDWR);
	vm_vcpu_add(vm, 0);
	vcpu = __wrap_vcpu(vm, 0);
	vcpu_init_cpuid(vcpu, kvm_get_supported_cpuid());
	return vcpu;
}

static inline vm_vaddr_t vm_vaddr_alloc_page(struct kvm_vm *vm)
{
	return vm_vaddr_alloc(vm, getpagesize(), KVM_UTIL_MIN_VADDR);
}

#endif /* SELFTEST_KVM_VM_VCPUS_H */
