/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of shared MSRs have in common.
 *
 * KVM answers a guest's RDMSR from memory, so a value read proves nothing about
 * the hardware.  These helpers show what the instructions do that use the MSRs:
 * where SYSCALL lands in the guest, and what RDTSCP, RDPID and system calls do
 * in host user mode once KVM_RUN has returned.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_H
#define SELFTEST_KVM_SHARED_MSRS_H

#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "kvm_util.h"
#include "processor.h"

/* The unistd.h of tools/arch/x86 knows few system calls. */
#ifndef SYS_getpid
#define SYS_getpid 39
#endif

enum shared_msr {
	SHARED_STAR,
	SHARED_LSTAR,
	SHARED_CSTAR,
	SHARED_SYSCALL_MASK,
	SHARED_EFER,
	SHARED_TSC_AUX,
	SHARED_TSX_CTRL,
	NR_SHARED_MSRS
};

static const struct {
	u32 index;
	const char *name;
} shared_msrs[NR_SHARED_MSRS] = {
	[SHARED_STAR]		= { MSR_STAR,		"STAR" },
	[SHARED_LSTAR]		= { MSR_LSTAR,		"LSTAR" },
	[SHARED_CSTAR]		= { MSR_CSTAR,		"CSTAR" },
	[SHARED_SYSCALL_MASK]	= { MSR_SYSCALL_MASK,	"SYSCALL_MASK" },
	[SHARED_EFER]		= { MSR_EFER,		"EFER" },
	[SHARED_TSC_AUX]	= { MSR_TSC_AUX,	"TSC_AUX" },
	[SHARED_TSX_CTRL]	= { MSR_IA32_TSX_CTRL,	"TSX_CTRL" },
};

/* CF, PF, AF, ZF, SF, OF: a program may set them at will. */
#define RFLAGS_ARITH		0x8d5ULL
#define RFLAGS_DF		0x400ULL
#define RFLAGS_RF		0x10000ULL

/*
 * What guests set for SYSCALL_MASK to clear: IOPL, NT, AC and ID, harmless in
 * ring 0.  QEMU's TCG loses the arithmetic flags and DF in a SYSCALL.
 */
#define RFLAGS_MASKABLE		0x247000ULL

/* What a guest's EFER is by default, with SYSCALL. */
#define GUEST_EFER		(EFER_SCE | EFER_LME | EFER_LMA | EFER_NX)

#define UD_VECTOR		6
#define GP_VECTOR		13
#define PF_VECTOR		14

/* What a guest's timer and IPIs raise. */
#define INTERRUPT_VECTOR	0x20

#define PAGE_BYTES		4096ULL

/* Pages for guests to fault on, as the host drops what is in them. */
#define FRESH_GPA		0xc0000000ULL
#define FRESH_SLOT		10

/* x2APIC registers are MSRs. */
#define X2APIC_EOI		0x80b
#define X2APIC_SPIV		0x80f
#define X2APIC_ICR		0x830
#define X2APIC_LVTT		0x832
#define X2APIC_TMICT		0x838
#define X2APIC_TDCR		0x83e
#define APICBASE_X2APIC		BIT_ULL(10)

/* --- Checks, which guest and host both make --- */

/*
 * A test point: how often something was looked at, and the first time that it
 * was wrong.  A guest's text is the host's, too: they are one program.
 */
struct tally {
	u64 checks;
	u64 failures;
	const char *what;
	u64 expected;
	u64 actual;
	u64 step;
};

/* What a test is at, to be told should it go wrong. */
static u64 tally_step;

static inline bool tally_check(struct tally *tally, const char *what,
			       u64 expected, u64 actual)
{
	WRITE_ONCE(tally->checks, tally->checks + 1);
	if (expected == actual)
		return true;
	if (!tally->failures++) {
		tally->what = what;
		tally->expected = expected;
		tally->actual = actual;
		tally->step = tally_step;
	}
	return false;
}

static inline void tally_add(struct tally *sum, const struct tally *tally)
{
	struct tally first = sum->failures ? *sum : *tally;

	first.checks = sum->checks + tally->checks;
	first.failures = sum->failures + tally->failures;
	*sum = first;
}

/* A point for the report; what was never looked at has not passed. */
static inline void __printf(2, 3) tally_report(const struct tally *tally,
					       const char *format, ...)
{
	char name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);

	if (tally->failures)
		ksft_print_msg("%s: expected %#lx, actual %#lx, step %lu (%lu of %lu wrong)\n",
			       tally->what, tally->expected, tally->actual,
			       tally->step, tally->failures, tally->checks);
	else if (!tally->checks)
		ksft_print_msg("never checked\n");
	ksft_test_result(tally->checks && !tally->failures, "%s\n", name);
}

/* What only KVM or the host can have answered, in a phase of step @n. */
static inline u64 magic(u32 n, u32 phase)
{
	return 0x4d000000 | (n & 0xffff) << 4 | phase;
}

/* What there is for a guest to use; guest and host both look. */
static struct guest_has {
	bool msr[NR_SHARED_MSRS];
	bool rdtscp;
	bool rdpid;
} guest_has;

/* --- Guest --- */

/* What one SYSCALL did.  The offsets are used by the assembly below. */
struct landing {
	u64 rip;		/* where it landed, or where it faulted */
	u64 rflags;	/* as the first landed instruction sees them */
	u64 rcx;
	u64 r11;
	u64 cs;
	u64 ss;
	u64 vector;	/* exception, or NO_VECTOR if it landed */
	u64 rsp;		/* to return by, from a fault too */
};

#define NO_VECTOR	0xffffULL

static_assert(offsetof(struct landing, rip) == 0 &&
	      offsetof(struct landing, rflags) == 8 &&
	      offsetof(struct landing, rcx) == 16 &&
	      offsetof(struct landing, r11) == 24 &&
	      offsetof(struct landing, cs) == 32 &&
	      offsetof(struct landing, ss) == 40 &&
	      offsetof(struct landing, vector) == 48 &&
	      offsetof(struct landing, rsp) == 56, "struct landing");

/* For functions in assembly: what they must leave as it was. */
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

/* Two places for SYSCALL to land, so that LSTAR's value can be told. */
extern char guest_landing_a[], guest_landing_b[];
extern char guest_syscall_insn[], guest_syscall_next[];

/*
 * Load @rflags, execute SYSCALL and note where and how it landed.  SYSCALL from
 * ring 0 is legal, and takes CS and SS from STAR without a look at the GDT.
 */
void guest_syscall(struct landing *landing, u64 rflags);

asm(".pushsection .text\n"
	"guest_syscall:\n"
		SAVE_REGS
	"	mov	%cs, %eax\n"
	"	push	%rax\n"
	"	mov	%rsp, 56(%rdi)\n"
	"	push	%rsi\n"
	"	popfq\n"
	"guest_syscall_insn:\n"
	"	syscall\n"
	"guest_syscall_next:\n"
	"	ud2\n"
	"guest_landing_a:\n"
	"	pushfq\n"
	"	lea	guest_landing_a(%rip), %rdx\n"
	"	jmp	guest_landed\n"
	"guest_landing_b:\n"
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
	"guest_syscall_out:\n"
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
	".popsection\n");

/* The stage of a ucall that reports an exception nobody asked for. */
#define STAGE_EXCEPTION	0xdeadULL

/* RDPID %rax, or %eax in 32-bit code, which older assemblers do not know. */
#define RDPID		"	.byte	0xf3, 0x0f, 0xc7, 0xf8\n"

/*
 * Execute an instruction that may raise an exception.  Returns NO_VECTOR, or the
 * vector with the error code from bit 16 on; what was to be read is unchanged
 * then.  Functions, as an exception uses the stack below a caller's.
 */
u64 guest_try_rdmsr(u32 msr, u64 *value);
u64 guest_try_wrmsr(u32 msr, u64 value);
u64 guest_try_rdtscp(u64 *aux);
u64 guest_try_rdpid(u64 *aux);
extern char guest_tried[];

asm(".pushsection .text\n"
	"guest_try_rdmsr:\n"
	"	mov	%edi, %ecx\n"
	"	rdmsr\n"
	"	mov	%eax, 0(%rsi)\n"
	"	mov	%edx, 4(%rsi)\n"
	"	jmp	1f\n"
	"guest_try_wrmsr:\n"
	"	mov	%edi, %ecx\n"
	"	mov	%esi, %eax\n"
	"	mov	%rsi, %rdx\n"
	"	shr	$32, %rdx\n"
	"	wrmsr\n"
	"	jmp	1f\n"
	"guest_try_rdtscp:\n"
	"	rdtscp\n"
	"	mov	%rcx, (%rdi)\n"
	"	jmp	1f\n"
	"guest_try_rdpid:\n"
		RDPID
	"	mov	%rax, (%rdi)\n"
	"1:	mov	$0xffff, %eax\n"
	"guest_tried:\n"
	"	ret\n"
	".popsection\n");

/*
 * For #UD, #GP and #PF.  SYSCALL with EFER.SCE clear raises #UD; with a wrong
 * LSTAR it lands where the guest has no memory.  IRET could not return there,
 * since it would have to reload STAR's selectors, so leave by the other door.
 */
static inline void guest_fault(struct ex_regs *regs)
{
	struct landing *landing = (struct landing *)regs->rdi;

	if (regs->rip >= (uintptr_t)guest_try_rdmsr &&
	    regs->rip < (uintptr_t)guest_tried) {
		regs->rax = regs->vector | regs->error_code << 16;
		regs->rip = (uintptr_t)guest_tried;
		return;
	}
	if (regs->rip != (uintptr_t)guest_syscall_insn &&
	    regs->rcx != (uintptr_t)guest_syscall_next) {
		for (;;)
			GUEST_SYNC_ARGS(STAGE_EXCEPTION, regs->vector,
					regs->rip, regs->error_code, 0);
	}

	/* A fault shows what a landing would have, but for SS; and it sets RF. */
	landing->rip = regs->rip;
	landing->rflags = regs->rflags & ~RFLAGS_RF;
	landing->rcx = regs->rcx;
	landing->r11 = regs->r11;
	landing->cs = regs->cs;
	landing->vector = regs->vector;
	asm volatile("jmp guest_syscall_out" : : "D"(landing) : "memory");
	__builtin_unreachable();
}

/*
 * HLT with interrupts on, to be left by an interrupt that sees guest_halted as
 * its RIP.  The interrupt shadow of STI lets none in before the HLT.
 */
void guest_halt(void);
extern char guest_hlt_insn[], guest_halted[];

asm(".pushsection .text\n"
	"guest_halt:\n"
	"	sti\n"
	"guest_hlt_insn:\n"
	"	hlt\n"
	"guest_halted:\n"
	"	cli\n"
	"	ret\n"
	".popsection\n");

/*
 * Write the x2APIC's ICR, or make a hypercall, whose last byte tells VMCALL from
 * VMMCALL: the guest's text is writable, and KVM makes the other vendor's its own.
 * Functions, as what comes of them may use the stack below a caller's.
 */
void guest_icr(u32 value);
u64 guest_hypercall(u64 number);
extern u8 guest_hypercall_byte;

asm(".pushsection .text\n"
	"guest_icr:\n"
	"	mov	%edi, %eax\n"
	"	xor	%edx, %edx\n"
	"	mov	$0x830, %ecx\n"
	"	wrmsr\n"
	"	ret\n"
	"guest_hypercall:\n"
	"	push	%rbx\n"
	"	mov	%rdi, %rax\n"
	"	.byte	0x0f, 0x01\n"
	"guest_hypercall_byte:\n"
	"	.byte	0xc1\n"
	"	pop	%rbx\n"
	"	ret\n"
	".popsection\n");

static inline void guest_apic_init(void)
{
	wrmsr(MSR_IA32_APICBASE, rdmsr(MSR_IA32_APICBASE) | APICBASE_X2APIC);
	wrmsr(X2APIC_SPIV, 0x1ff);
	wrmsr(X2APIC_TDCR, 0xb);
	wrmsr(X2APIC_LVTT, INTERRUPT_VECTOR);
}

/* What the last interrupt found. */
static u64 guest_interrupted_rip;

/* The handler of INTERRUPT_VECTOR. */
static inline void guest_interrupt(struct ex_regs *regs)
{
	/*
	 * Should it have come before the HLT, no other one would follow.  QEMU's
	 * TCG loses the interrupt shadow with VMRUN.
	 */
	if (regs->rip == (uintptr_t)guest_hlt_insn)
		regs->rip = (uintptr_t)guest_halted;
	WRITE_ONCE(guest_interrupted_rip, regs->rip);
	wrmsr(X2APIC_EOI, 0);
}

/*
 * Sleep for some milliseconds, longer than KVM polls before the vCPU's thread
 * sleeps.  Returns the RIP that the timer interrupted, unless the VM has other
 * vCPUs.
 */
static inline u64 guest_nap(u32 ms)
{
	WRITE_ONCE(guest_interrupted_rip, 0);
	wrmsr(X2APIC_TMICT, ms * 1000000);
	guest_halt();
	return READ_ONCE(guest_interrupted_rip);
}

static inline u64 rdpid(void)
{
	u64 aux;

	asm volatile(RDPID : "=a"(aux));
	return aux;
}

/* How many transactions get to run; none while RTM is disabled. */
static inline u64 guest_transactions(void)
{
	u64 count = 0;
	u32 ran;
	int i;

	for (i = 0; i < 100; i++) {
		asm volatile("xor	%k[ran], %k[ran]\n\t"
			     "xbegin	1f\n\t"
			     "xend\n\t"
			     "inc	%k[ran]\n\t"
			     "1:\n\t"
			     : [ran] "=&r"(ran) : : "rax", "memory", "cc");
		count += ran;
	}
	return count;
}

/* --- The effects of values in the guest --- */

/*
 * Values of the shared MSRs.  Those of one @n differ from those of the next
 * ones, and from what the library and the host have.
 */
static inline u64 guest_value(enum shared_msr msr, u32 n)
{
	u64 selector = 0x100 + n % 64 * 0x20;
	u32 bits = n * 37 + 0x5b;
	u64 mask = 0;
	int i;

	switch (msr) {
	case SHARED_STAR:
		return (selector + 0x803) << 48 | selector << 32 | n;
	case SHARED_LSTAR:
		return (uintptr_t)(n & 1 ? guest_landing_b : guest_landing_a);
	case SHARED_CSTAR:
		return 0x7f0000000000ULL + n * 16;
	case SHARED_SYSCALL_MASK:
		for (i = 0; i < 32; i++) {
			if (!(RFLAGS_MASKABLE & BIT_ULL(i)))
				continue;
			if (bits & 1)
				mask |= BIT_ULL(i);
			bits >>= 1;
		}
		return mask;
	case SHARED_EFER:
		return GUEST_EFER;
	case SHARED_TSC_AUX:
		return 0x5a000000 | n;
	case SHARED_TSX_CTRL:
		return n & 1 ? TSX_CTRL_RTM_DISABLE : 0;
	default:
		return 0;
	}
}

static inline void guest_values(u64 values[NR_SHARED_MSRS], u32 n)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		values[i] = guest_value(i, n);
}

/* Not EFER: KVM may load all MSRs anew for that, and hide a WRMSR that it lost. */
static inline void guest_wrmsr_all(const u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			wrmsr(shared_msrs[i].index, values[i]);
	}
}

static inline void guest_rdmsr_all(u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			values[i] = rdmsr(shared_msrs[i].index);
	}
}

/* What RDMSR says, or KVM_GET_MSRS. */
static inline void check_msrs(struct tally *tally,
			      const u64 expected[NR_SHARED_MSRS],
			      const u64 actual[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			tally_check(tally, shared_msrs[i].name, expected[i],
				    actual[i]);
	}
}

enum effect {
	EFFECT_STAR,
	EFFECT_LSTAR,
	EFFECT_SYSCALL_MASK,
	EFFECT_SYSCALL_REGS,
	EFFECT_EFER_SCE,
	EFFECT_RDTSCP,
	EFFECT_RDPID,
	EFFECT_TSX_CTRL,
	NR_EFFECTS
};

static const char * const effect_names[NR_EFFECTS] = {
	[EFFECT_STAR]		= "SYSCALL takes CS and SS from STAR",
	[EFFECT_LSTAR]		= "SYSCALL lands at LSTAR",
	[EFFECT_SYSCALL_MASK]	= "SYSCALL applies SYSCALL_MASK",
	[EFFECT_SYSCALL_REGS]	= "SYSCALL saves RIP and RFLAGS",
	[EFFECT_EFER_SCE]	= "SYSCALL is #UD with EFER.SCE clear",
	[EFFECT_RDTSCP]		= "RDTSCP returns TSC_AUX",
	[EFFECT_RDPID]		= "RDPID returns TSC_AUX",
	[EFFECT_TSX_CTRL]	= "TSX_CTRL disables RTM",
};

struct effects {
	struct landing syscall;
	u64 rdtscp;
	u64 rdpid;
	u64 transactions;
};

#define EFFECTS_RFLAGS	(RFLAGS_MASKABLE | X86_EFLAGS_FIXED)

static inline void guest_see_tsc_aux(struct effects *seen, bool rdpid_first)
{
	u32 aux;

	if (guest_has.rdpid && rdpid_first)
		seen->rdpid = rdpid();
	if (guest_has.rdtscp) {
		rdtscp(&aux);
		seen->rdtscp = aux;
	}
	if (guest_has.rdpid && !rdpid_first)
		seen->rdpid = rdpid();
}

/* Without an exit, so that nothing gets mended in between.  In either order. */
static inline void guest_see(struct effects *seen, bool tsc_aux_first)
{
	if (tsc_aux_first)
		guest_see_tsc_aux(seen, true);
	guest_syscall(&seen->syscall, EFFECTS_RFLAGS);
	if (!tsc_aux_first)
		guest_see_tsc_aux(seen, false);
	if (guest_has.msr[SHARED_TSX_CTRL])
		seen->transactions = guest_transactions();
}

/* RIP and RFLAGS as they were before. */
static inline void check_syscall_regs(struct tally tallies[NR_EFFECTS],
				      const struct landing *landing)
{
	tally_check(&tallies[EFFECT_SYSCALL_REGS], "RCX",
		    (uintptr_t)guest_syscall_next, landing->rcx);
	tally_check(&tallies[EFFECT_SYSCALL_REGS], "R11", EFFECTS_RFLAGS,
		    landing->r11);
}

/* What is not about SYSCALL. */
static inline void check_other_effects(struct tally tallies[NR_EFFECTS],
				       const u64 values[NR_SHARED_MSRS],
				       const struct effects *seen)
{
	if (guest_has.rdtscp)
		tally_check(&tallies[EFFECT_RDTSCP], "TSC_AUX",
			    values[SHARED_TSC_AUX], seen->rdtscp);
	if (guest_has.rdpid)
		tally_check(&tallies[EFFECT_RDPID], "TSC_AUX",
			    values[SHARED_TSC_AUX], seen->rdpid);

	/* A transaction may abort at any time: only "none" is certain. */
	if (guest_has.msr[SHARED_TSX_CTRL] &&
	    values[SHARED_TSX_CTRL] & TSX_CTRL_RTM_DISABLE)
		tally_check(&tallies[EFFECT_TSX_CTRL], "transactions", 0,
			    seen->transactions);
}

/* By the guest itself or, later, by the host. */
static inline void check_effects(struct tally tallies[NR_EFFECTS],
				 const u64 values[NR_SHARED_MSRS],
				 const struct effects *seen)
{
	const struct landing *landing = &seen->syscall;
	u64 selector = values[SHARED_STAR] >> 32 & 0xfffc;

	if (!(values[SHARED_EFER] & EFER_SCE)) {
		tally_check(&tallies[EFFECT_EFER_SCE], "exception vector",
			    UD_VECTOR, landing->vector);
		tally_check(&tallies[EFFECT_EFER_SCE], "RIP",
			    (uintptr_t)guest_syscall_insn, landing->rip);
	} else {
		tally_check(&tallies[EFFECT_LSTAR], "RIP", values[SHARED_LSTAR],
			    landing->rip);
		tally_check(&tallies[EFFECT_LSTAR], "exception vector",
			    NO_VECTOR, landing->vector);
		tally_check(&tallies[EFFECT_STAR], "CS", selector, landing->cs);
		/* A fault does not show it. */
		if (landing->vector == NO_VECTOR)
			tally_check(&tallies[EFFECT_STAR], "SS", selector + 8,
				    landing->ss);
		tally_check(&tallies[EFFECT_SYSCALL_MASK], "RFLAGS",
			    (EFFECTS_RFLAGS & ~values[SHARED_SYSCALL_MASK]) |
			    X86_EFLAGS_FIXED, landing->rflags);
		check_syscall_regs(tallies, landing);
	}

	check_other_effects(tallies, values, seen);
}

/*
 * The same where the guest has no memory at LSTAR.
 *
 * Not CS and RFLAGS: in Bochs with more than one CPU, an interrupt that comes
 * right after a fault's delivery exits with the RIP from before.  The fault is
 * then delivered twice, the second time with what the first made of them.
 */
static inline void check_effects_unmapped(struct tally tallies[NR_EFFECTS],
					  const u64 values[NR_SHARED_MSRS],
					  const struct effects *seen)
{
	const struct landing *landing = &seen->syscall;

	tally_check(&tallies[EFFECT_LSTAR], "RIP", values[SHARED_LSTAR],
		    landing->rip);
	tally_check(&tallies[EFFECT_LSTAR], "exception vector", PF_VECTOR,
		    landing->vector);
	check_syscall_regs(tallies, landing);
	check_other_effects(tallies, values, seen);
}

/* For a test where all the effects are one point. */
static inline struct tally effects_sum(const struct tally tallies[NR_EFFECTS])
{
	struct tally sum = {};
	int i;

	for (i = 0; i < NR_EFFECTS; i++)
		tally_add(&sum, &tallies[i]);
	return sum;
}

/* Why an effect cannot be seen here, or NULL. */
static inline const char *effect_skip(enum effect effect)
{
	if (effect == EFFECT_RDTSCP && !guest_has.rdtscp)
		return "KVM offers no RDTSCP";
	if (effect == EFFECT_RDPID && !guest_has.rdpid)
		return "KVM offers no RDPID";
	if (effect == EFFECT_TSX_CTRL && !guest_has.msr[SHARED_TSX_CTRL])
		return "KVM offers no TSX_CTRL";
	return NULL;
}

/* --- Host: the guest's side --- */

/*
 * Let guests handle exceptions and interrupts, find out what they have, and let
 * them know.  For all the vCPUs of @vm.
 */
static inline void guests_init(struct kvm_vm *vm, struct kvm_vcpu *vcpus[],
			       int nr)
{
	static const int vectors[] = { 6, 11, 12, 13, 14 };
	int i;

	vm_init_descriptor_tables(vm);
	for (i = 0; i < nr; i++)
		vcpu_init_descriptor_tables(vcpus[i]);
	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		vm_install_exception_handler(vm, vectors[i], guest_fault);
	vm_install_exception_handler(vm, INTERRUPT_VECTOR, guest_interrupt);

	guest_has.rdtscp = kvm_cpu_has(X86_FEATURE_RDTSCP);
	guest_has.rdpid = kvm_cpu_has(X86_FEATURE_RDPID);
	for (i = 0; i < NR_SHARED_MSRS; i++)
		guest_has.msr[i] = true;
	guest_has.msr[SHARED_TSC_AUX] = guest_has.rdtscp || guest_has.rdpid;
	guest_has.msr[SHARED_TSX_CTRL] = kvm_cpu_has(X86_FEATURE_RTM) &&
		_vcpu_set_msr(vcpus[0], MSR_IA32_TSX_CTRL, 0) == 1;
	sync_global_to_guest(vm, guest_has);
}

static inline void vm_add_fresh_pages(struct kvm_vm *vm, int nr)
{
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, FRESH_GPA,
				    FRESH_SLOT, nr, 0);
	virt_map(vm, FRESH_GPA, FRESH_GPA, nr);
}

static inline void vm_drop_fresh_pages(struct kvm_vm *vm, int nr)
{
	TEST_ASSERT(!madvise(addr_gpa2hva(vm, FRESH_GPA), nr * PAGE_BYTES,
			     MADV_DONTNEED), "madvise failed, errno: %i", errno);
}

/* As guest_wrmsr_all(). */
static inline void vcpu_set_shared_msrs(struct kvm_vcpu *vcpu,
					const u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			vcpu_set_msr(vcpu, shared_msrs[i].index, values[i]);
	}
}

static inline void vcpu_get_shared_msrs(struct kvm_vcpu *vcpu,
					u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			values[i] = vcpu_get_msr(vcpu, shared_msrs[i].index);
	}
}

/* KVM_RUN has returned for no exit that the host knows: is it a GUEST_SYNC? */
static inline void vcpu_check_sync(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct ucall uc;

	if (get_ucall(vcpu, &uc) != UCALL_SYNC)
		ksft_exit_fail_msg("unexpected exit %u (%s)\n", run->exit_reason,
				   exit_reason_str(run->exit_reason));
	if (uc.args[1] == STAGE_EXCEPTION)
		ksft_exit_fail_msg("guest exception %lu at %#lx, error code %#lx\n",
				   uc.args[2], uc.args[3], uc.args[4]);
}

/* --- Host: its own side --- */

/* Is it kvm_amd, which shares TSC_AUX alone? */
static inline bool is_kvm_amd(void)
{
	return !access("/sys/module/kvm_amd", F_OK);
}

static inline bool host_cpu_has(u32 function, int reg, int bit)
{
	u32 gprs[4];

	asm volatile("cpuid"
		     : "=a"(gprs[0]), "=b"(gprs[1]), "=c"(gprs[2]), "=d"(gprs[3])
		     : "0"(function), "2"(0));
	return gprs[reg] & (1u << bit);
}

static inline bool host_has_rdtscp(void)
{
	return host_cpu_has(0x80000001, 3, 27);
}

static inline bool host_has_rdpid(void)
{
	return host_cpu_has(7, 2, 22);
}

static inline void host_pin_task(pid_t tid, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	TEST_ASSERT(!sched_setaffinity(tid, sizeof(set), &set),
		    "sched_setaffinity(%d) failed, errno: %i", cpu, errno);
}

static inline void host_pin(int cpu)
{
	host_pin_task(0, cpu);
}

/*
 * The TSC_AUX that Linux gives user mode on this CPU.  The raw system call,
 * since the vDSO's getcpu() itself believes TSC_AUX.
 */
static inline u32 host_expected_tsc_aux(void)
{
	unsigned int cpu, node;

	TEST_ASSERT(!syscall(SYS_getcpu, &cpu, &node, NULL),
		    "getcpu failed, errno: %i", errno);
	return node << 12 | cpu;
}

/* What one system call left behind. */
struct host_syscall {
	u64 ret;
	u64 rflags;
	u64 cs;
	u64 ss;
};

/* getpid() with all arithmetic flags set; SYSRET takes CS and SS from STAR. */
static inline void host_getpid(struct host_syscall *s)
{
	u64 flags = RFLAGS_ARITH | X86_EFLAGS_FIXED;

	/* Step over the red zone before pushing. */
	asm volatile("lea	-128(%%rsp), %%rsp\n\t"
		     "push	%[flags]\n\t"
		     "popfq\n\t"
		     "syscall\n\t"
		     "pushfq\n\t"
		     "pop	%[flags]\n\t"
		     "lea	128(%%rsp), %%rsp\n\t"
		     "mov	%%cs, %k[cs]\n\t"
		     "mov	%%ss, %k[ss]\n\t"
		     : "=a"(s->ret), [flags] "+&r"(flags),
		       [cs] "=&r"(s->cs), [ss] "=&r"(s->ss)
		     : "0"((u64)SYS_getpid)
		     : "rcx", "r11", "memory", "cc");
	s->rflags = flags;
}

/* What CPUs really hold is read through the msr driver; -1 if there is none. */
static inline int host_open_msrs(int cpu)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	return open(path, O_RDONLY);
}

static inline bool host_rdmsr_fd(int fd, enum shared_msr msr, u64 *value)
{
	bool ok = pread(fd, value, sizeof(*value), shared_msrs[msr].index) ==
		  sizeof(*value);

	/* kvm_amd sets it while there are VMs. */
	if (ok && msr == SHARED_EFER)
		*value &= ~EFER_SVME;
	return ok;
}

static inline bool host_rdmsr(int cpu, enum shared_msr msr, u64 *value)
{
	int fd = host_open_msrs(cpu);
	bool ok = host_rdmsr_fd(fd, msr, value);

	close(fd);
	return ok;
}

/* What user mode sees, and what the msr driver reads. */
enum host_effect {
	HOST_SYSCALL,
	HOST_RDTSCP,
	HOST_RDPID,
	HOST_MSRS,
	NR_HOST_EFFECTS
};

static const char * const host_effect_names[NR_HOST_EFFECTS] = {
	[HOST_SYSCALL]	= "host system calls work",
	[HOST_RDTSCP]	= "host RDTSCP equals getcpu",
	[HOST_RDPID]	= "host RDPID equals getcpu",
	[HOST_MSRS]	= "host MSRs are unchanged",
};

/* Before any guest ran. */
static struct {
	cpu_set_t cpus;
	const char *skip_msrs;	/* why they are not looked at, or NULL */
	struct host_syscall syscall;
	bool fred;
	struct {
		bool has;
		u64 value;
	} msrs[CPU_SETSIZE][NR_SHARED_MSRS];
} host_before;

/* The CPUs that this process may use: the first from @cpu on, or CPU_SETSIZE. */
static inline int host_cpu_from(int cpu)
{
	while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &host_before.cpus))
		cpu++;
	return cpu;
}

/* The next one, and the first one again at the end. */
static inline int host_next_cpu(int cpu)
{
	int next = host_cpu_from(cpu + 1);

	return next < CPU_SETSIZE ? next : host_cpu_from(0);
}

/* Go there, and return its number. */
static inline int host_pin_next(int cpu)
{
	int next = host_next_cpu(cpu);

	host_pin(next);
	return next;
}

/* Back to all of them. */
static inline void host_unpin(void)
{
	TEST_ASSERT(!sched_setaffinity(0, sizeof(host_before.cpus),
				       &host_before.cpus),
		    "sched_setaffinity failed, errno: %i", errno);
}

/* The highest one: its TSC_AUX is no 0 if it can be helped, nor is it busiest. */
static inline int host_last_cpu(void)
{
	int cpu = CPU_SETSIZE - 1;

	while (!CPU_ISSET(cpu, &host_before.cpus))
		cpu--;
	return cpu;
}

static inline const char *host_effect_skip(enum host_effect effect)
{
	if (effect == HOST_RDTSCP && !host_has_rdtscp())
		return "CPU has no RDTSCP";
	if (effect == HOST_RDPID && !host_has_rdpid())
		return "CPU has no RDPID";
	if (effect == HOST_MSRS)
		return host_before.skip_msrs;
	return NULL;
}

/*
 * Right after KVM_RUN, before any other system call; the thread must stay on its
 * CPU meanwhile.  Returns that CPU.
 */
static inline int host_check(struct tally tallies[NR_HOST_EFFECTS])
{
	const struct host_syscall *before = &host_before.syscall;
	struct host_syscall now;
	u32 aux = 0, pid = 0, expected;

	if (host_has_rdtscp())
		rdtscp(&aux);
	if (host_has_rdpid())
		pid = rdpid();
	host_getpid(&now);
	expected = host_expected_tsc_aux();

	if (host_has_rdtscp())
		tally_check(&tallies[HOST_RDTSCP], "TSC_AUX", expected, aux);
	if (host_has_rdpid())
		tally_check(&tallies[HOST_RDPID], "TSC_AUX", expected, pid);
	tally_check(&tallies[HOST_SYSCALL], "getpid", before->ret, now.ret);
	tally_check(&tallies[HOST_SYSCALL], "CS", before->cs, now.cs);
	tally_check(&tallies[HOST_SYSCALL], "SS", before->ss, now.ss);
	tally_check(&tallies[HOST_SYSCALL], "RFLAGS", before->rflags,
		    now.rflags);

	/* The upper bits are the node. */
	return expected & 0xfff;
}

/* As the kernel shows it: "fred" goes from here if it is not in use. */
static inline bool host_runs_fred(void)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char *line = NULL;
	bool found = false;
	size_t size = 0;

	TEST_ASSERT(file, "no access to /proc/cpuinfo");
	while (!found && getline(&line, &size, file) >= 0)
		found = !strncmp(line, "flags", 5) && strstr(line, " fred");
	free(line);
	fclose(file);
	return found;
}

/* With FRED user mode does not use these, and they may stay the guest's. */
static inline bool host_uses(enum shared_msr msr)
{
	return !host_before.fred ||
	       (msr != SHARED_LSTAR && msr != SHARED_CSTAR &&
		msr != SHARED_SYSCALL_MASK);
}

/* For who cannot take the time to open the file. */
static inline void host_check_msrs_fd(int cpu, int fd, struct tally *tally)
{
	u64 value;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!host_before.msrs[cpu][i].has || !host_uses(i))
			continue;
		if (!host_rdmsr_fd(fd, i, &value))
			value = ~host_before.msrs[cpu][i].value;
		tally_check(tally, shared_msrs[i].name,
			    host_before.msrs[cpu][i].value, value);
	}
}

/* While a vCPU is in KVM_RUN there, its values are what the CPU may well hold. */
static inline void host_check_msrs(int cpu, struct tally *tally)
{
	int fd = host_open_msrs(cpu);

	host_check_msrs_fd(cpu, fd, tally);
	close(fd);
}

/* Begin a test: skip it where it cannot run, and look at the host. */
static inline void shared_msrs_test_init(void)
{
	struct tally tallies[NR_HOST_EFFECTS] = {};
	cpu_set_t *cpus = &host_before.cpus;
	int cpu, i;

	/* Keep what was printed, should the host not survive. */
	setbuf(stdout, NULL);
	ksft_print_header();
	if (access("/dev/kvm", R_OK | W_OK))
		ksft_exit_skip("no access to /dev/kvm\n");
	/* Others, as PVM, run guests in ring 3, where SYSCALL is another thing. */
	if (access("/sys/module/kvm_intel", F_OK) &&
	    access("/sys/module/kvm_amd", F_OK))
		ksft_exit_skip("neither kvm_intel nor kvm_amd is loaded\n");

	TEST_ASSERT(!sched_getaffinity(0, sizeof(*cpus), cpus),
		    "sched_getaffinity failed, errno: %i", errno);
	host_before.fred = host_runs_fred();
	host_before.skip_msrs = "no access to /dev/cpu/*/msr";
	host_getpid(&host_before.syscall);
	TEST_ASSERT((host_before.syscall.rflags & (RFLAGS_ARITH | RFLAGS_DF)) ==
		    RFLAGS_ARITH,
		    "RFLAGS %#lx after getpid", host_before.syscall.rflags);

	for (cpu = host_cpu_from(0); cpu < CPU_SETSIZE;
	     cpu = host_cpu_from(cpu + 1)) {
		host_pin(cpu);
		host_check(tallies);
		TEST_ASSERT(!tallies[HOST_RDTSCP].failures &&
			    !tallies[HOST_RDPID].failures,
			    "TSC_AUX is not the CPU's number before any guest ran");
		for (i = 0; i < NR_SHARED_MSRS; i++) {
			host_before.msrs[cpu][i].has =
				host_rdmsr(cpu, i,
					   &host_before.msrs[cpu][i].value);
			if (host_before.msrs[cpu][i].has)
				host_before.skip_msrs = NULL;
		}
	}
	host_unpin();
}

/* The points of a report that all tests have; NULL for none. */
static inline void report_effects(const char *name,
				  const struct tally guest[NR_EFFECTS],
				  const struct tally host[NR_HOST_EFFECTS])
{
	int i;

	for (i = 0; guest && i < NR_EFFECTS; i++) {
		if (effect_skip(i))
			ksft_test_result_skip("%s: %s: %s\n", name,
					      effect_names[i], effect_skip(i));
		else
			tally_report(&guest[i], "%s: %s", name,
				     effect_names[i]);
	}
	for (i = 0; host && i < NR_HOST_EFFECTS; i++) {
		if (host_effect_skip(i))
			ksft_test_result_skip("%s: %s: %s\n", name,
					      host_effect_names[i],
					      host_effect_skip(i));
		else
			tally_report(&host[i], "%s: %s", name,
				     host_effect_names[i]);
	}
}

#endif /* SELFTEST_KVM_SHARED_MSRS_H */
