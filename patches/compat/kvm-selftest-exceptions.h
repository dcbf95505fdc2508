/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guests that handle exceptions, for KVM selftest libraries that have no struct
 * ex_regs (up to 5.9).
 */
#ifndef SELFTEST_KVM_VM_EXCEPTIONS_H
#define SELFTEST_KVM_VM_EXCEPTIONS_H

#include "kvm_util.h"
#include "processor.h"

/* As the stubs leave it on the stack. */
struct ex_regs {
	uint64_t rax, rcx, rdx, rbx;
	uint64_t rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t vector, error_code;
	uint64_t rip, cs, rflags;
};

void vm_init_descriptor_tables(struct kvm_vm *vm);
void vcpu_init_descriptor_tables(struct kvm_vm *vm, uint32_t vcpuid);
void vm_install_exception_handler(struct kvm_vm *vm, int vector,
				  void (*handler)(struct ex_regs *regs));

#endif /* SELFTEST_KVM_VM_EXCEPTIONS_H */
