// SPDX-License-Identifier: GPL-2.0-only
/* What guests of the tests of shared MSRs do in assembly. */
#include "shared_msrs.h"
#include "shared_msrs_script.h"

#include <linux/stringify.h>

/* A function of the guest's, or a place in one that C knows. */
#define GLOBAL(name)		\
	".globl	" #name "\n"	\
	#name ":\n"

/* A function must leave these as they were. */
#define SAVE_REGS		\
	"	push	%rbx\n"	\
	"	push	%rbp\n"	\
	"	push	%r12\n"	\
	"	push	%r13\n"	\
	"	push	%r14\n"	\
	"	push	%r15\n"	\
	"	pushfq\n"

#define RESTORE_REGS		\
	"	popfq\n"	\
	"	pop	%r15\n"	\
	"	pop	%r14\n"	\
	"	pop	%r13\n"	\
	"	pop	%r12\n"	\
	"	pop	%rbp\n"	\
	"	pop	%rbx\n"

/* RDPID %rax, or %eax in 32-bit code, which older assemblers do not know. */
#define RDPID		"	.byte	0xf3, 0x0f, 0xc7, 0xf8\n"

/* --- SYSCALL and where it lands --- */

/* The offsets below, of u64s without a gap. */
static_assert(offsetof(struct landing, cs) == 32 &&
	      offsetof(struct landing, rsp) == 56, "struct landing");

asm(".pushsection .text\n"
	GLOBAL(guest_syscall)
		SAVE_REGS
	"	mov	%cs, %eax\n"
	"	push	%rax\n"
	"	mov	%rsp, 56(%rdi)\n"
	"	push	%rsi\n"
	"	popfq\n"
	GLOBAL(guest_syscall_insn)
	"	syscall\n"
	GLOBAL(guest_syscall_next)
	"	ud2\n"
	GLOBAL(guest_landing_a)
	"	pushfq\n"
	"	lea	guest_landing_a(%rip), %rdx\n"
	"	jmp	guest_landed\n"
	GLOBAL(guest_landing_b)
	"	pushfq\n"
	"	lea	guest_landing_b(%rip), %rdx\n"
	"guest_landed:\n"
	"	pop	%rax\n"
	"	mov	%rdx, 0(%rdi)\n"
	"	mov	%rax, 8(%rdi)\n"
	"	mov	%rcx, 16(%rdi)\n"
	"	mov	%r11, 24(%rdi)\n"
	"	mov	%cs, %eax\n"
	"	mov	%rax, 32(%rdi)\n"
	"	mov	%ss, %eax\n"
	"	mov	%rax, 40(%rdi)\n"
	"	movq	$0xffff, 48(%rdi)\n"
	/* Back to the segments of the library, which the GDT has. */
	GLOBAL(guest_syscall_out)
	"	mov	56(%rdi), %rsp\n"
	"	mov	%ds, %eax\n"
	"	mov	%eax, %ss\n"
	"	lea	1f(%rip), %rdx\n"
	"	push	%rdx\n"
	"	lretq\n"
	"1:\n"
		RESTORE_REGS
	/* RCX tells guest_fault() whether a SYSCALL is under way. */
	"	xor	%ecx, %ecx\n"
	"	ret\n"

	GLOBAL(guest_execute)
		SAVE_REGS
	"	mov	%cs, %eax\n"
	"	push	%rax\n"
	"	mov	%rsp, 56(%rdi)\n"
	"	mov	%rsi, %r11\n"
	"	lea	1f(%rip), %rbx\n"
	"	push	%rsi\n"
	"	popfq\n"
	"	jmp	*%rdx\n"
	"1:	mov	%rcx, 16(%rdi)\n"
	"	movq	$0xffff, 48(%rdi)\n"
	"	jmp	guest_syscall_out\n"
	".popsection\n");

/* --- Instructions that may raise an exception, or whose effect does --- */

asm(".pushsection .text\n"
	GLOBAL(guest_try_rdmsr)
	"	mov	%edi, %ecx\n"
	"	rdmsr\n"
	"	mov	%eax, 0(%rsi)\n"
	"	mov	%edx, 4(%rsi)\n"
	"	jmp	1f\n"
	GLOBAL(guest_try_wrmsr)
	"	mov	%edi, %ecx\n"
	"	mov	%esi, %eax\n"
	"	mov	%rsi, %rdx\n"
	"	shr	$32, %rdx\n"
	"	wrmsr\n"
	"	jmp	1f\n"
	GLOBAL(guest_try_rdtscp)
	"	rdtscp\n"
	"	mov	%rcx, (%rdi)\n"
	"	jmp	1f\n"
	GLOBAL(guest_try_rdpid)
		RDPID
	"	mov	%rax, (%rdi)\n"
	"1:	mov	$0xffff, %eax\n"
	GLOBAL(guest_tried)
	"	ret\n"

	GLOBAL(guest_halt)
	"	sti\n"
	GLOBAL(guest_hlt_insn)
	"	hlt\n"
	GLOBAL(guest_halted)
	"	cli\n"
	"	ret\n"

	GLOBAL(guest_icr)
	"	mov	%edi, %eax\n"
	"	xor	%edx, %edx\n"
	"	mov	$0x830, %ecx\n"
	"	wrmsr\n"
	"	ret\n"
	GLOBAL(guest_hypercall)
	"	push	%rbx\n"
	"	mov	%rdi, %rax\n"
	"	.byte	0x0f, 0x01\n"
	GLOBAL(guest_hypercall_byte)
	"	.byte	0xc1\n"
	"	pop	%rbx\n"
	"	ret\n"

	GLOBAL(rdpid)
		RDPID
	"	ret\n"
	".popsection\n");

/* --- A trip to 32-bit code and back --- */

/* The offsets below: there is no gap between these. */
static_assert(offsetof(struct trip, efer_after) == 16 &&
	      offsetof(struct trip, wrmsrs) == 32 &&
	      offsetof(struct trip, efer) == 144 &&
	      offsetof(struct trip, cr0) == 184 &&
	      offsetof(struct trip, rsp) == 200 &&
	      sizeof(struct trip) == 224, "struct trip");

#define L(symbol)	"(" #symbol " - trip_code + " __stringify(LOW) ")"

static_assert(TRIP_RFLAGS == EFFECTS_RFLAGS, "TRIP_RFLAGS");

asm(".pushsection .text\n"
	/* RDI: a struct trip; RSI: the top of a stack below 4 GB. */
	GLOBAL(trip_code)
		SAVE_REGS
	"	mov	%ds, %eax\n"
	"	push	%rax\n"
	"	mov	%rsp, 200(%rdi)\n"
	"	sidt	208(%rdi)\n"
	"	mov	%cr0, %rax\n"
	"	mov	%eax, 184(%rdi)\n"
	"	mov	%cr3, %rax\n"
	"	mov	%eax, 188(%rdi)\n"
	"	mov	%cr4, %rax\n"
	"	mov	%eax, 192(%rdi)\n"
	"	mov	%esi, 196(%rdi)\n"
	"	mov	%rsi, %rsp\n"
	"	mov	$" __stringify(DATA32_SEL) ", %eax\n"
	"	mov	%eax, %ss\n"
	"	mov	%eax, %ds\n"
	"	mov	%eax, %es\n"
	"	push	$" __stringify(CODE32_SEL) "\n"
	"	mov	$" L(trip_in) ", %eax\n"
	"	push	%rax\n"
	"	lretq\n"

	".code32\n"
	GLOBAL(trip_in)
	"	testl	$0x1, (%edi)\n"
	"	jz	1f\n"
	"	mov	%cr0, %eax\n"
	"	and	$0x7fffffff, %eax\n"
	"	mov	%eax, %cr0\n"
	"	lidt	" L(trip_idtr32) "\n"
	"	mov	$0xc0000080, %ecx\n"
	"	mov	8(%edi), %eax\n"
	"	mov	12(%edi), %edx\n"
	"	wrmsr\n"
	"1:	mov	24(%edi), %ebp\n"
	"	lea	32(%edi), %esi\n"
	"2:	dec	%ebp\n"
	"	js	3f\n"
	"	mov	(%esi), %ecx\n"
	"	mov	8(%esi), %eax\n"
	"	mov	12(%esi), %edx\n"
	"	wrmsr\n"
	"	add	$16, %esi\n"
	"	jmp	2b\n"
	"3:	testl	$0x2, (%edi)\n"
	"	jz	5f\n"
	/* As guest_nap(). */
	"4:	mov	$0x838, %ecx\n"
	"	mov	$1000000, %eax\n"
	"	xor	%edx, %edx\n"
	"	wrmsr\n"
	"	sti\n"
	"trip_hlt_insn:\n"
	"	hlt\n"
	"	cli\n"
	"	mov	4(%edi), %eax\n"
	"	cmp	" __stringify(LOW_TURN) ", %eax\n"
	"	jne	4b\n"
	"5:	testl	$0x4, (%edi)\n"
	"	jz	trip_go_on\n"
	"	mov	$" __stringify(STOP_PORT) ", %edx\n"
	"	mov	%edi, %eax\n"
	"	out	%eax, %dx\n"

	/* Effects come first: RDMSR is an exit. */
	"trip_go_on:\n"
	"	testl	$0x8, (%edi)\n"
	"	jz	1f\n"
	"	rdtscp\n"
	"	mov	%ecx, 148(%edi)\n"
	"1:	testl	$0x10, (%edi)\n"
	"	jz	2f\n"
		RDPID
	"	mov	%eax, 152(%edi)\n"
	"2:	testl	$0x40, (%edi)\n"
	"	jz	3f\n"
	GLOBAL(trip_sysret_insn)
	"	.byte	0x0f, 0x07\n"
	"3:	push	$" __stringify(TRIP_RFLAGS) "\n"
	"	popf\n"
	GLOBAL(trip_syscall_insn)
	"	syscall\n"
	GLOBAL(trip_syscall_next)
	"	ud2\n"

	/* STAR's lower half. */
	GLOBAL(trip_legacy_a)
	"	pushf\n"
	"	mov	$" L(trip_legacy_a) ", %eax\n"
	"	jmp	1f\n"
	GLOBAL(trip_legacy_b)
	"	pushf\n"
	"	mov	$" L(trip_legacy_b) ", %eax\n"
	"1:	mov	%eax, 160(%edi)\n"
	"	pop	%eax\n"
	"	mov	%eax, 164(%edi)\n"
	"	mov	%ecx, 168(%edi)\n"
	"	mov	%cs, %eax\n"
	"	mov	%eax, 176(%edi)\n"
	"	mov	%ss, %eax\n"
	"	mov	%eax, 180(%edi)\n"
	"	movl	$0xffff, 156(%edi)\n"
	"	ljmp	$" __stringify(CODE32_SEL) ", $" L(trip_back) "\n"

	GLOBAL(trip_ud32)
	"	cmpl	$" L(trip_sysret_insn) ", (%esp)\n"
	"	jne	1f\n"
	"	addl	$2, (%esp)\n"
	"	incl	28(%edi)\n"
	"	iret\n"
	"1:\n"
	"	movl	$6, 156(%edi)\n"
	"	pop	%eax\n"
	"	mov	%eax, 160(%edi)\n"
	"	pop	%eax\n"
	"	mov	%eax, 176(%edi)\n"
	"	pop	%eax\n"
	"	and	$~0x10000, %eax\n"
	"	mov	%eax, 164(%edi)\n"

	GLOBAL(trip_back)
	"	push	$2\n"
	"	popf\n"
	"	mov	$" __stringify(DATA32_SEL) ", %eax\n"
	"	mov	%eax, %ss\n"
	"	mov	$0xc0000080, %ecx\n"
	"	rdmsr\n"
	"	mov	%eax, 144(%edi)\n"
	"	testl	$0x20, (%edi)\n"
	"	jz	1f\n"
	"	mov	$" __stringify(STOP_PORT) ", %edx\n"
	"	mov	%edi, %eax\n"
	"	out	%eax, %dx\n"
	"1:	testl	$0x1, (%edi)\n"
	"	jz	1f\n"
	"	mov	$0xc0000080, %ecx\n"
	"	mov	16(%edi), %eax\n"
	"	mov	20(%edi), %edx\n"
	"	wrmsr\n"
	"	mov	184(%edi), %eax\n"
	"	mov	%eax, %cr0\n"
	"1:	ljmp	$" __stringify(CODE64_SEL) ", $" L(trip_out) "\n"

	/* As guest_interrupt(); a HLT is one byte long. */
	GLOBAL(trip_timer32)
	"	cmpl	$" L(trip_hlt_insn) ", (%esp)\n"
	"	jne	1f\n"
	"	incl	(%esp)\n"
	"1:	push	%eax\n"
	"	push	%ecx\n"
	"	push	%edx\n"
	"	mov	$0x80b, %ecx\n"
	"	xor	%eax, %eax\n"
	"	xor	%edx, %edx\n"
	"	wrmsr\n"
	"	pop	%edx\n"
	"	pop	%ecx\n"
	"	pop	%eax\n"
	"	iret\n"

	/* From trip_sipi, with a trip of long ago in EDI. */
	"trip_init32:\n"
	"	mov	$" __stringify(DATA32_SEL) ", %eax\n"
	"	mov	%eax, %ss\n"
	"	mov	%eax, %ds\n"
	"	mov	%eax, %es\n"
	"	mov	196(%edi), %esp\n"
	"	lidt	" L(trip_idtr32) "\n"
	"	mov	188(%edi), %eax\n"
	"	mov	%eax, %cr3\n"
	"	mov	192(%edi), %eax\n"
	"	mov	%eax, %cr4\n"
	"	jmp	trip_go_on\n"

	".code64\n"
	/* CSTAR: of compatibility mode, but in 64-bit mode now. */
	GLOBAL(trip_cstar_a)
	"	pushfq\n"
	"	mov	$" L(trip_cstar_a) ", %eax\n"
	"	jmp	1f\n"
	GLOBAL(trip_cstar_b)
	"	pushfq\n"
	"	mov	$" L(trip_cstar_b) ", %eax\n"
	"1:	mov	%eax, 160(%rdi)\n"
	"	pop	%rax\n"
	"	mov	%eax, 164(%rdi)\n"
	"	mov	%ecx, 168(%rdi)\n"
	"	mov	%r11d, 172(%rdi)\n"
	"	mov	%cs, %eax\n"
	"	mov	%eax, 176(%rdi)\n"
	"	mov	%ss, %eax\n"
	"	mov	%eax, 180(%rdi)\n"
	"	movl	$0xffff, 156(%rdi)\n"
	"	mov	$" __stringify(DATA32_SEL) ", %eax\n"
	"	mov	%eax, %ss\n"
	"	push	$" __stringify(CODE32_SEL) "\n"
	"	mov	$" L(trip_back) ", %eax\n"
	"	push	%rax\n"
	"	lretq\n"

	"trip_out:\n"
	"	mov	%edi, %edi\n"
	"	lidt	208(%rdi)\n"
	"	mov	200(%rdi), %rsp\n"
	"	pop	%rax\n"
	"	mov	%eax, %ss\n"
	"	mov	%eax, %ds\n"
	"	mov	%eax, %es\n"
		RESTORE_REGS
	"	ret\n"

	"trip_idtr32:\n"
	"	.word	" __stringify(INTERRUPT_VECTOR) " * 8 + 7\n"
	"	.long	" __stringify(LOW_IDT32) "\n"
	GLOBAL(trip_code_end)

	/* Copied to SIPI_GPA. */
	".code16\n"
	GLOBAL(trip_sipi)
	"	lgdtl	%cs:(trip_sipi_gdtr - trip_sipi)\n"
	"	movl	%cs:(trip_sipi_trip - trip_sipi), %edi\n"
	"	movl	%cr0, %eax\n"
	"	orl	$1, %eax\n"
	"	movl	%eax, %cr0\n"
	"	ljmpl	$" __stringify(CODE32_SEL) ", $" L(trip_init32) "\n"
	"trip_sipi_gdtr:\n"
	"	.word	" __stringify(GDT_BYTES) " - 1\n"
	"	.long	" __stringify(LOW_GDT) "\n"
	GLOBAL(trip_sipi_trip)
	"	.long	0\n"
	GLOBAL(trip_sipi_end)
	".code64\n"
	".popsection\n");
