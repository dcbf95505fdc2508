/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 32-bit code for guests: a trip from 64-bit code to compatibility mode or, with
 * paging off, to protected mode, to try SYSCALL, RDTSCP and RDPID there.  A CPU
 * that got an INIT during its trip finishes it in protected mode.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_TRIP_H
#define SELFTEST_KVM_SHARED_MSRS_TRIP_H

#include <linux/stringify.h>

#include "shared_msrs.h"

/*
 * Memory that the test maps where it is, below 4 GB: the code, a GDT and an IDT
 * for it, and the vCPU whose turn it is.
 */
#define LOW		0xc0000000
#define LOW_GDT		0xc0001000
#define LOW_IDT32	0xc0002000
#define LOW_TURN	0xc0003000

/* Where SIPI takes a CPU: a page that the library leaves alone. */
#define SIPI_VECTOR	1
#define SIPI_GPA	0x1000

/* In the x2APIC's ICR, both with "assert". */
#define ICR_INIT	0x4500
#define ICR_STARTUP	0x4600

#define CODE64_SEL	0x08
#define CODE32_SEL	0x40
#define DATA32_SEL	0x48
#define GDT_BYTES	0x50

/* A flat segment of 4 GB: D/B, present, writable or readable. */
#define CODE32_DESC	0x00cf9b000000ffffULL
#define DATA32_DESC	0x00cf93000000ffffULL

#define STOP_PORT	0x5000

#define TRIP_LEGACY	0x1	/* leave long mode, or stay in it */
#define TRIP_TURN	0x2	/* sleep until it is this vCPU's turn */
#define TRIP_STOP	0x4	/* exit to user mode */
#define TRIP_RDTSCP	0x8
#define TRIP_RDPID	0x10

/* A trip to 32-bit code and back.  The offsets are used by the assembly below. */
struct trip {
	u32 flags;
	u32 id;			/* of the vCPU */
	u64 efer_inside;	/* to be set once long mode is left */
	u64 efer_after;		/* and before it is entered again */
	u32 nr_wrmsrs;
	u32 unused;
	struct {
		u64 msr;
		u64 value;
	} wrmsrs[NR_SHARED_MSRS];

	/* What was seen there. */
	u32 efer;
	u32 rdtscp;
	u32 rdpid;
	u32 vector;		/* of SYSCALL, or NO_VECTOR */
	u32 rip;
	u32 rflags;
	u32 rcx;
	u32 r11;		/* where it landed in 64-bit mode */
	u32 cs;
	u32 ss;

	/* What is to be restored. */
	u32 cr0;
	u32 cr3;
	u32 cr4;
	u32 esp;
	u64 rsp;
	u64 idtr[2];
};

static_assert(offsetof(struct trip, id) == 4 &&
	      offsetof(struct trip, efer_inside) == 8 &&
	      offsetof(struct trip, efer_after) == 16 &&
	      offsetof(struct trip, nr_wrmsrs) == 24 &&
	      offsetof(struct trip, wrmsrs) == 32 &&
	      offsetof(struct trip, efer) == 144 &&
	      offsetof(struct trip, rdtscp) == 148 &&
	      offsetof(struct trip, rdpid) == 152 &&
	      offsetof(struct trip, vector) == 156 &&
	      offsetof(struct trip, rip) == 160 &&
	      offsetof(struct trip, rflags) == 164 &&
	      offsetof(struct trip, rcx) == 168 &&
	      offsetof(struct trip, r11) == 172 &&
	      offsetof(struct trip, cs) == 176 &&
	      offsetof(struct trip, ss) == 180 &&
	      offsetof(struct trip, cr0) == 184 &&
	      offsetof(struct trip, cr3) == 188 &&
	      offsetof(struct trip, cr4) == 192 &&
	      offsetof(struct trip, esp) == 196 &&
	      offsetof(struct trip, rsp) == 200 &&
	      offsetof(struct trip, idtr) == 208, "struct trip");

/*
 * The code is copied to LOW; trip_low() is where a symbol of it is then.  As in
 * shared_msrs.h there are two places each to land.
 */
extern char trip_code[], trip_code_end[], trip_syscall_insn[],
	trip_syscall_next[], trip_back[], trip_ud32[], trip_timer32[],
	trip_legacy_a[], trip_legacy_b[], trip_cstar_a[], trip_cstar_b[],
	trip_sipi[], trip_sipi_end[], trip_sipi_trip[];

#define trip_low(symbol)	((u64)LOW + ((symbol) - trip_code))

static inline u64 trip_gate(u64 offset)
{
	return (offset & 0xffff0000) << 32 | 0x8eULL << 40 | CODE32_SEL << 16 |
		(offset & 0xffff);
}

#define L(symbol)	"(" #symbol " - trip_code + " __stringify(LOW) ")"

/* RFLAGS for SYSCALL: what guest_see() has, too. */
#define TRIP_RFLAGS	0x247002
static_assert(TRIP_RFLAGS == EFFECTS_RFLAGS, "TRIP_RFLAGS");

asm(".pushsection .text\n"
	/* RDI: a struct trip; RSI: the top of a stack below 4 GB. */
	"trip_code:\n"
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
	"trip_in:\n"
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
	"2:	push	$" __stringify(TRIP_RFLAGS) "\n"
	"	popf\n"
	"trip_syscall_insn:\n"
	"	syscall\n"
	"trip_syscall_next:\n"
	"	ud2\n"

	/* STAR's lower half. */
	"trip_legacy_a:\n"
	"	pushf\n"
	"	mov	$" L(trip_legacy_a) ", %eax\n"
	"	jmp	1f\n"
	"trip_legacy_b:\n"
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

	"trip_ud32:\n"
	"	movl	$6, 156(%edi)\n"
	"	pop	%eax\n"
	"	mov	%eax, 160(%edi)\n"
	"	pop	%eax\n"
	"	mov	%eax, 176(%edi)\n"
	"	pop	%eax\n"
	"	and	$~0x10000, %eax\n"
	"	mov	%eax, 164(%edi)\n"

	"trip_back:\n"
	"	push	$2\n"
	"	popf\n"
	"	mov	$" __stringify(DATA32_SEL) ", %eax\n"
	"	mov	%eax, %ss\n"
	"	mov	$0xc0000080, %ecx\n"
	"	rdmsr\n"
	"	mov	%eax, 144(%edi)\n"
	"	testl	$0x1, (%edi)\n"
	"	jz	1f\n"
	"	mov	$0xc0000080, %ecx\n"
	"	mov	16(%edi), %eax\n"
	"	mov	20(%edi), %edx\n"
	"	wrmsr\n"
	"	mov	184(%edi), %eax\n"
	"	mov	%eax, %cr0\n"
	"1:	ljmp	$" __stringify(CODE64_SEL) ", $" L(trip_out) "\n"

	/* As guest_interrupt(); a HLT is one byte long. */
	"trip_timer32:\n"
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
	"trip_cstar_a:\n"
	"	pushfq\n"
	"	mov	$" L(trip_cstar_a) ", %eax\n"
	"	jmp	1f\n"
	"trip_cstar_b:\n"
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
	"trip_code_end:\n"

	/* Copied to SIPI_GPA. */
	".code16\n"
	"trip_sipi:\n"
	"	lgdtl	%cs:(trip_sipi_gdtr - trip_sipi)\n"
	"	movl	%cs:(trip_sipi_trip - trip_sipi), %edi\n"
	"	movl	%cr0, %eax\n"
	"	orl	$1, %eax\n"
	"	movl	%eax, %cr0\n"
	"	ljmpl	$" __stringify(CODE32_SEL) ", $" L(trip_init32) "\n"
	"trip_sipi_gdtr:\n"
	"	.word	" __stringify(GDT_BYTES) " - 1\n"
	"	.long	" __stringify(LOW_GDT) "\n"
	"trip_sipi_trip:\n"
	"	.long	0\n"
	"trip_sipi_end:\n"
	".code64\n"
	".popsection\n");

#endif /* SELFTEST_KVM_SHARED_MSRS_TRIP_H */
