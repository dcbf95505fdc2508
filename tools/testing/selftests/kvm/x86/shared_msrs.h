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
#include <stddef.h>
#include <sys/syscall.h>

#include "kvm_util.h"
#include "processor.h"

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
	"	push	%rbx\n"
	"	push	%rbp\n"
	"	push	%r12\n"
	"	push	%r13\n"
	"	push	%r14\n"
	"	push	%r15\n"
	"	pushfq\n"
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
	"1:	popfq\n"
	"	pop	%r15\n"
	"	pop	%r14\n"
	"	pop	%r13\n"
	"	pop	%r12\n"
	"	pop	%rbp\n"
	"	pop	%rbx\n"
	/* RCX tells guest_syscall_fault() whether a SYSCALL is under way. */
	"	xor	%ecx, %ecx\n"
	"	ret\n"
	".popsection\n");

/* The stage of a ucall that reports an exception nobody asked for. */
#define STAGE_EXCEPTION	0xdeadULL

/*
 * For #UD, #GP and #PF.  SYSCALL with EFER.SCE clear raises #UD; with a wrong
 * LSTAR it lands where the guest has no memory.  IRET could not return there,
 * since it would have to reload STAR's selectors, so leave by the other door.
 */
static inline void guest_syscall_fault(struct ex_regs *regs)
{
	struct landing *landing = (struct landing *)regs->rdi;

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
	asm volatile("jmp guest_syscall_out" : : "D"(landing));
	__builtin_unreachable();
}

static inline void vm_install_syscall_fault_handlers(struct kvm_vm *vm)
{
	static const int vectors[] = { 6, 11, 12, 13, 14 };
	int i;

	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		vm_install_exception_handler(vm, vectors[i],
					     guest_syscall_fault);
}

/*
 * HLT with interrupts on, to be left by an interrupt that sees guest_halted as
 * its RIP.  The interrupt shadow of STI lets none in before the HLT.
 */
void guest_halt(void);
extern char guest_halted[];

asm(".pushsection .text\n"
	"guest_halt:\n"
	"	sti\n"
	"	hlt\n"
	"guest_halted:\n"
	"	cli\n"
	"	ret\n"
	".popsection\n");

/* RDPID %rax, which older assemblers do not know. */
static inline u64 rdpid(void)
{
	u64 aux;

	asm volatile(".byte 0xf3, 0x0f, 0xc7, 0xf8" : "=a"(aux));
	return aux;
}

/* --- Host --- */

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

static inline void host_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	TEST_ASSERT(!sched_setaffinity(0, sizeof(set), &set),
		    "sched_setaffinity(%d) failed, errno: %i", cpu, errno);
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

/* gettid() with all arithmetic flags set; SYSRET takes CS and SS from STAR. */
static inline void host_gettid(struct host_syscall *s)
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
		     : "0"((u64)SYS_gettid)
		     : "rcx", "r11", "memory", "cc");
	s->rflags = flags;
}

/* Read what a CPU really holds, through the msr driver: false if that fails. */
static inline bool host_rdmsr(int cpu, enum shared_msr msr, u64 *value)
{
	char path[64];
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	ok = pread(fd, value, sizeof(*value), shared_msrs[msr].index) ==
		sizeof(*value);
	close(fd);

	/* kvm_amd sets it while there are VMs. */
	if (msr == SHARED_EFER)
		*value &= ~EFER_SVME;
	return ok;
}

#endif /* SELFTEST_KVM_SHARED_MSRS_H */
