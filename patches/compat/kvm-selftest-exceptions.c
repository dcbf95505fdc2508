// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that handle exceptions, for KVM selftest libraries that have no struct
 * ex_regs (up to 5.9). The guest's table and handlers are in its own copy of
 * the program's data, so each VM has its own.
 */
#include "vm_exceptions.h"

#define NR_GUEST_VECTORS	256
#define GUEST_STUB_SIZE		16
/* What the library gives a vCPU for its kernel's code. */
#define GUEST_CODE_SELECTOR	0x8
#define GUEST_DATA_SELECTOR	0x10
#define GUEST_CODE_DESCRIPTOR	0x00af9b000000ffff
#define GUEST_DATA_DESCRIPTOR	0x00cf93000000ffff
/* present, for ring 0, 64-bit interrupt gate */
#define GUEST_GATE		0x8e00

struct guest_gate {
	uint16_t offset_low, selector, type, offset_middle;
	uint32_t offset_high, reserved;
} __attribute__((aligned(16)));

static struct guest_gate guest_gates[NR_GUEST_VECTORS];
static void (*guest_handlers[NR_GUEST_VECTORS])(struct ex_regs *regs);

/* Some exceptions push an error code: Intel SDM volume 3, table "Exceptions". */
__asm__(".pushsection .text\n"
	".balign 16\n"
	"guest_stubs:\n"
	".set guest_vector, 0\n"
	".rept 256\n"
	"	.balign 16\n"
	"	.if guest_vector != 8 && guest_vector != 17 && guest_vector != 21\n"
	"	.if guest_vector < 10 || guest_vector > 14\n"
	"	pushq $0\n"
	"	.endif\n"
	"	.endif\n"
	"	pushq $guest_vector\n"
	"	jmp guest_exception\n"
	"	.set guest_vector, guest_vector + 1\n"
	".endr\n"
	"guest_exception:\n"
	"	push %r15; push %r14; push %r13; push %r12\n"
	"	push %r11; push %r10; push %r9; push %r8\n"
	"	push %rdi; push %rsi; push %rbp\n"
	"	push %rbx; push %rdx; push %rcx; push %rax\n"
	"	mov %rsp, %rdi\n"
	"	mov %rsp, %rbp\n"
	"	and $-16, %rsp\n"
	"	cld\n"
	"	call guest_handle_exception\n"
	"	mov %rbp, %rsp\n"
	"	pop %rax; pop %rcx; pop %rdx; pop %rbx\n"
	"	pop %rbp; pop %rsi; pop %rdi\n"
	"	pop %r8; pop %r9; pop %r10; pop %r11\n"
	"	pop %r12; pop %r13; pop %r14; pop %r15\n"
	"	add $16, %rsp\n"
	"	iretq\n"
	".popsection\n");

extern char guest_stubs[];

/* Called by the stubs. */
void guest_handle_exception(struct ex_regs *regs);
void guest_handle_exception(struct ex_regs *regs)
{
	GUEST_ASSERT(guest_handlers[regs->vector]);
	guest_handlers[regs->vector](regs);
}

void vm_init_descriptor_tables(struct kvm_vm *vm)
{
	int i;

	for (i = 0; i < NR_GUEST_VECTORS; i++) {
		struct guest_gate *gate =
			addr_gva2hva(vm, (vm_vaddr_t)&guest_gates[i]);
		uint64_t stub = (uint64_t)&guest_stubs[i * GUEST_STUB_SIZE];

		*gate = (struct guest_gate) {
			.offset_low = stub,
			.selector = GUEST_CODE_SELECTOR,
			.type = GUEST_GATE,
			.offset_middle = stub >> 16,
			.offset_high = stub >> 32,
		};
	}
}

void vcpu_init_descriptor_tables(struct kvm_vm *vm, uint32_t vcpuid)
{
	struct kvm_sregs sregs;
	uint64_t *gdt;

	vcpu_sregs_get(vm, vcpuid, &sregs);
	/* The library writes the bits of type and S in the wrong order. */
	gdt = addr_gva2hva(vm, sregs.gdt.base);
	gdt[GUEST_CODE_SELECTOR / sizeof(*gdt)] = GUEST_CODE_DESCRIPTOR;
	gdt[GUEST_DATA_SELECTOR / sizeof(*gdt)] = GUEST_DATA_DESCRIPTOR;
	sregs.idt.base = (uint64_t)guest_gates;
	sregs.idt.limit = sizeof(guest_gates) - 1;
	vcpu_sregs_set(vm, vcpuid, &sregs);
}

void vm_install_exception_handler(struct kvm_vm *vm, int vector,
				  void (*handler)(struct ex_regs *regs))
{
	*(void **)addr_gva2hva(vm, (vm_vaddr_t)&guest_handlers[vector]) = handler;
}
