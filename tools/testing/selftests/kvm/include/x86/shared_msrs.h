/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of shared MSRs have in common.
 *
 * KVM answers a guest's RDMSR from memory, so a value read proves nothing about
 * the hardware. These helpers show what the instructions do that use the MSRs:
 * where SYSCALL lands in the guest, and what RDTSCP, RDPID and system calls do
 * in host user mode once KVM_RUN has returned.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_H
#define SELFTEST_KVM_SHARED_MSRS_H

/* So include this before any header of the C library. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
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

struct shared_msr_info {
	u32 index;
	const char *name;
};

extern const struct shared_msr_info shared_msrs[NR_SHARED_MSRS];

/* CF, PF, AF, ZF, SF, OF: a program may set them at will. */
#define RFLAGS_ARITH		0x8d5ULL
#define RFLAGS_DF		0x400ULL
#define RFLAGS_RF		0x10000ULL

/*
 * What guests set for SYSCALL_MASK to clear: IOPL, NT, AC and ID, harmless in
 * ring 0. QEMU's TCG loses the arithmetic flags and DF in a SYSCALL.
 */
#define RFLAGS_MASKABLE		0x247000ULL

/* A guest's EFER, as the library sets it, and SYSCALL. */
#define GUEST_EFER		(EFER_SCE | EFER_LME | EFER_LMA | EFER_NX)

#define UD_VECTOR		6
#define GP_VECTOR		13
#define PF_VECTOR		14

/* The vector of a guest's timer and IPIs. */
#define INTERRUPT_VECTOR	0x20

#define PAGE_BYTES		4096ULL

/* Pages for guests to fault on: the host drops their content. */
#define FRESH_GPA		0xc0000000ULL
#define FRESH_SLOT		10

/* x2APIC registers are MSRs. */
#define X2APIC_EOI		0x80b
#define X2APIC_SPIV		0x80f
#define X2APIC_ICR		0x830
#define X2APIC_LVTT		0x832
#define X2APIC_TMICT		0x838
#define X2APIC_TDCR		0x83e

/* --- Test points --- */

/*
 * The number of test points, one of them, and the end of the test. kselftest.h
 * counts them in each file that includes it, so only the library reports points.
 */
void report_plan(unsigned int nr);
void report_point(bool ok, const char *format, ...) __printf(2, 3);
void report_end(void);

/*
 * A test point: how many checks were made for it, and the first one that failed.
 * Guest and host are one program, so a guest's text is good for the host, too.
 */
struct tally {
	u64 checks;
	u64 failures;
	const char *what;
	u64 expected;
	u64 actual;
	u64 step;
};

/* The step that a test is at, for the report of a failure. */
extern u64 tally_step;

bool tally_check(struct tally *tally, const char *what, u64 expected, u64 actual);
void tally_check_min(struct tally *tally, const char *what, u64 least, u64 actual);
void tally_check_max(struct tally *tally, const char *what, u64 most, u64 actual);

void tally_add(struct tally *sum, const struct tally *tally);
void tallies_add(struct tally *sums, const struct tally *tallies, int nr);
struct tally tallies_sum(const struct tally *tallies, int nr);

/* @skip: why the point cannot be checked here, or NULL. */
void tally_report_unless(const char *skip, const struct tally *tally,
			 const char *format, ...) __printf(3, 4);
#define tally_report(tally, ...)	tally_report_unless(NULL, tally, __VA_ARGS__)

/* A value that only KVM or the host can have answered, in a phase of step @n. */
static inline u64 magic(u32 n, u32 phase)
{
	return 0x4d000000 | (n & 0xffff) << 4 | phase;
}

/* --- Guest --- */

/* What a guest can use; guest and host both look. */
struct guest_features {
	bool msr[NR_SHARED_MSRS];
	bool rdtscp;
	bool rdpid;
};

extern struct guest_features guest_has;

/* What one SYSCALL did. guest_syscall() knows the offsets. */
struct landing {
	u64 rip;	/* where it landed, or where it faulted */
	u64 rflags;	/* as the first landed instruction sees them */
	u64 rcx;
	u64 r11;
	u64 cs;
	u64 ss;
	u64 vector;	/* exception, or NO_VECTOR if it landed */
	u64 rsp;	/* to return by, from a fault too */
};

#define NO_VECTOR	0xffffULL

/* SYSCALL can land in two places, so that two values of LSTAR can be told apart. */
extern char guest_landing_a[], guest_landing_b[];
extern char guest_syscall_insn[], guest_syscall_next[];

/*
 * Load @rflags, execute SYSCALL and note where and how it landed. SYSCALL from
 * ring 0 is legal, and takes CS and SS from STAR without a look at the GDT.
 */
void guest_syscall(struct landing *landing, u64 rflags);

/*
 * Load @rflags, also into R11, and @rcx, and jump to @code. To end it without a
 * landing, that jumps to what RBX points to: RCX is noted.
 */
void guest_execute(struct landing *landing, u64 rflags, u64 code, u64 rcx);

/* The stage of a ucall that reports an exception nobody asked for. */
#define STAGE_EXCEPTION	0xdeadULL

/*
 * Execute an instruction that may raise an exception. Returns NO_VECTOR, or the
 * vector with the error code from bit 16 on; the value to be read is unchanged
 * then. These are functions because an exception uses the stack below a caller's.
 */
u64 guest_try_rdmsr(u32 msr, u64 *value);
u64 guest_try_wrmsr(u32 msr, u64 value);
u64 guest_try_rdtscp(u64 *aux);
u64 guest_try_rdpid(u64 *aux);
extern char guest_tried[];

/* The handler of #UD, #GP and #PF. */
void guest_fault(struct ex_regs *regs);
/* Note what it shows of the landing that RDI points to, and go on after the call. */
void guest_land(struct ex_regs *regs);

/*
 * HLT with interrupts on. The interrupt that ends it sees guest_halted as its
 * RIP: the interrupt shadow of STI lets none in before the HLT.
 */
void guest_halt(void);
extern char guest_hlt_insn[], guest_halted[];

/*
 * Write the x2APIC's ICR, or make a hypercall, whose last byte tells VMCALL from
 * VMMCALL: the guest's text is writable, and KVM makes the other vendor's its own.
 * These are functions because their effect may use the stack below a caller's.
 */
void guest_icr(u32 value);
u64 guest_hypercall(u64 number);
extern u8 guest_hypercall_byte;

void guest_apic_init(void);

/* The RIP that the last interrupt found. */
extern u64 guest_interrupted_rip;

/*
 * Sleep for some milliseconds, longer than KVM polls before the vCPU's thread
 * sleeps. Returns the RIP that the timer interrupted, unless the VM has other
 * vCPUs.
 */
u64 guest_nap(u32 ms);

u64 rdpid(void);

/* How many of some transactions run; none while RTM is disabled. */
u64 guest_transactions(void);

/* --- The effects of values in the guest --- */

/*
 * Values of the shared MSRs. Those of one @n differ from those of the next
 * ones, and from the library's and the host's.
 */
u64 shared_msr_value(enum shared_msr msr, u32 n);
void guest_values(u64 values[NR_SHARED_MSRS], u32 n);

/* RFLAGS_MASKABLE's bits, picked by the lowest bits of @bits. */
u64 guest_syscall_mask(u32 bits);

/* Not EFER: KVM may load all MSRs anew for that, and hide a WRMSR that it lost. */
void guest_wrmsr_all(const u64 values[NR_SHARED_MSRS]);
void guest_rdmsr_all(u64 values[NR_SHARED_MSRS]);

/* Compare the values that RDMSR or KVM_GET_MSRS returned. */
void check_msrs(struct tally *tally, const u64 expected[NR_SHARED_MSRS],
		const u64 actual[NR_SHARED_MSRS]);

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

extern const char * const effect_names[NR_EFFECTS];

struct effects {
	struct landing syscall;
	u64 rdtscp;
	u64 rdpid;
	u64 transactions;
};

#define EFFECTS_RFLAGS	(RFLAGS_MASKABLE | X86_EFLAGS_FIXED)

void guest_see_tsc_aux(struct effects *seen, bool rdpid_first);
/* In either order, without an exit, so that nothing gets mended in between. */
void guest_see(struct effects *seen, bool tsc_aux_first);

/* By the guest itself or, later, by the host. */
void check_effects(struct tally tallies[NR_EFFECTS],
		   const u64 values[NR_SHARED_MSRS], const struct effects *seen);
/* The same where the guest has no memory at LSTAR. */
void check_effects_unmapped(struct tally tallies[NR_EFFECTS],
			    const u64 values[NR_SHARED_MSRS],
			    const struct effects *seen);
/* All but SYSCALL. */
void check_other_effects(struct tally tallies[NR_EFFECTS],
			 const u64 values[NR_SHARED_MSRS],
			 const struct effects *seen);

/* Why an effect cannot be seen here, or NULL. */
const char *effect_skip(enum effect effect);

/* --- Host: the guest's side --- */

/*
 * Let guests handle exceptions and interrupts, find out which features they have,
 * and tell them. For all vCPUs of @vm.
 */
void guests_init(struct kvm_vm *vm, struct kvm_vcpu *vcpus[], int nr);

void vm_add_fresh_pages(struct kvm_vm *vm, int nr);
void vm_drop_fresh_pages(struct kvm_vm *vm, int nr);

/* Memory of this program; the library's own regions cannot be shared. */
void vm_add_memory(struct kvm_vm *vm, u32 slot, u64 gpa, u64 size, void *memory);

/*
 * Memory of SMM, whose handler counts: returns the counter. For the only vCPU,
 * where KVM has KVM_CAP_X86_SMM.
 */
const u16 *vm_add_smram(struct kvm_vm *vm, struct kvm_vcpu *vcpu);
#define SMRAM_GPA	0x1000000ULL
#define SMI_COUNT_GPA	(SMRAM_GPA + 0x9000)

/*
 * What a guest of @from writes to @port interrupts @to, at @gsi: a kernel thread
 * does that. Returns the eventfd.
 */
int vm_add_doorbell(struct kvm_vm *from, u16 port, struct kvm_vm *to, u32 gsi);

/* What is restored in a new VM. EFER is one of the MSRs, and of SREGS. */
enum restored {
	RESTORED_CPUID,		/* of RDTSCP and RDPID */
	RESTORED_SREGS,
	RESTORED_MSRS,
	NR_RESTORED
};

/*
 * Go on in a new VM, with nothing but the memory of the old one. What KVM refuses
 * before the guest has the right CPUID comes after it, whatever the @order.
 */
struct kvm_vcpu *vcpu_move_to_new_vm(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
				     const enum restored order[NR_RESTORED]);

/* As guest_wrmsr_all(). */
void vcpu_set_shared_msrs(struct kvm_vcpu *vcpu, const u64 values[NR_SHARED_MSRS]);
void vcpu_get_shared_msrs(struct kvm_vcpu *vcpu, u64 values[NR_SHARED_MSRS]);

/* In CPUID, as the twelve letters of leaf 0. */
void vcpu_set_vendor(struct kvm_vcpu *vcpu, const char *vendor);

/* A port or memory that the guest accesses, and for which KVM_RUN has returned. */
struct access {
	bool pio;
	bool write;
	u64 address;
	u32 size;
	void *data;
};

/* Whether there is one, a ucall aside. */
bool vcpu_access(struct kvm_vcpu *vcpu, struct access *access);

/* KVM_RUN has returned for another reason than an access: is it a GUEST_SYNC? */
void vcpu_check_sync(struct kvm_vcpu *vcpu);

/* --- Host: its own side --- */

/* Is it kvm_amd, which shares TSC_AUX alone? */
bool is_kvm_amd(void);
bool host_param_is_on(const char *module, const char *parameter);
/* One of KVM's statistics in debugfs, or -1. */
long host_kvm_stat(const char *name);

bool host_cpu_has(u32 function, int reg, int bit);
/* An emulated CPU of QEMU, which does not check all that a CPU checks. */
bool host_is_tcg(void);
bool host_has_rdtscp(void);
bool host_has_rdpid(void);

/* Why the kernel's MSR filter, a second CPU, or nested VMX cannot be tried, or NULL. */
const char *msr_filter_skip(void);
const char *other_cpu_skip(void);
const char *nested_vmx_skip(void);

/* What one system call left behind. */
struct host_syscall {
	u64 ret;
	u64 rflags;
	u64 cs;
	u64 ss;
};

struct host_msr {
	bool has;
	u64 value;
};

/* The host before any guest ran. */
struct host_state {
	cpu_set_t cpus;
	const char *skip_msrs;	/* why they are not looked at, or NULL */
	struct host_syscall syscall;
	bool fred;
	struct host_msr (*msrs)[NR_SHARED_MSRS];	/* of each CPU */
};

extern struct host_state host_before;

/* The CPUs that this process may use: the first from @cpu on, or CPU_SETSIZE. */
int host_cpu_from(int cpu);

#define for_each_host_cpu(cpu)					\
	for (cpu = host_cpu_from(0); cpu < CPU_SETSIZE;		\
	     cpu = host_cpu_from(cpu + 1))

int host_nr_cpus(void);
/* The next one; after the last one comes the first one again. */
int host_next_cpu(int cpu);
/* The highest one: its TSC_AUX is not 0 if possible, and it is not the busiest. */
int host_last_cpu(void);

void host_pin_task(pid_t tid, int cpu);
/* False if the CPU is offline. */
bool host_try_pin_task(pid_t tid, int cpu);
/* Is this thread there? Those of a CPU that goes offline may run anywhere. */
bool host_is_pinned(int cpu);
/* Go there, and return its number. */
int host_pin(int cpu);
int host_pin_next(int cpu);
int host_pin_last(void);
/* Back to all of them. */
void host_unpin(void);

/* Returns whether all of it was written. */
bool host_write_file(const char *path, const char *text);

/* The GS of user mode. */
struct host_gs {
	u64 base;
	u32 selector;
	bool own_base;		/* @base is the selector's: see host_gs_segment() */
	const u64 *memory;	/* at @base, or NULL */
};

bool host_has_fsgsbase(void);
/* Does the kernel have system calls for 32-bit code? */
bool host_has_int80(void);
/* Why GS of this program cannot be a segment, or NULL. */
const char *host_gs_segment_skip(void);
/* A segment that begins at @memory, which is below 4 GB. */
struct host_gs host_gs_segment(const u64 *memory);
void host_set_gs(const struct host_gs *gs);
/*
 * KVM_RUN with this GS, by 32-bit code if it is a segment. What user mode finds
 * right afterwards must be the same.
 */
int host_run_with_gs(struct kvm_vcpu *vcpu, const struct host_gs *gs,
		     struct tally *tally);
void host_check_gs(struct tally *tally, const struct host_gs *gs);

/* Before tasks of no such priority. Returns whether that is allowed. */
bool host_set_fifo(int priority);
void host_thread(pthread_t *thread, void *(*function)(void *), void *arg);
void host_sleep(long ns);

/* What user mode sees, and what the msr driver reads. */
enum host_effect {
	HOST_SYSCALL,
	HOST_RDTSCP,
	HOST_RDPID,
	HOST_MSRS,
	NR_HOST_EFFECTS
};

/*
 * Right after KVM_RUN, before any other system call; the thread must stay on its
 * CPU meanwhile. Returns that CPU.
 */
int host_check(struct tally tallies[NR_HOST_EFFECTS]);
/* The parts of it: what RDTSCP and RDPID returned, and how a system call ended. */
int host_check_tsc_aux(struct tally tallies[NR_HOST_EFFECTS], u32 rdtscp, u32 rdpid);
void host_check_syscall(struct tally *tally, u64 ret, const struct host_syscall *now);

/* The values that CPUs really hold, by the msr driver; -1 without it. */
int host_open_msrs(int cpu);
bool host_read_msr(int cpu, enum shared_msr msr, u64 *value);
/* While a vCPU is in KVM_RUN there, the CPU may well hold its values. */
void host_check_msrs(int cpu, struct tally *tally);
/* For those who cannot take the time to open the file. */
void host_check_msrs_fd(int cpu, int fd, struct tally *tally);

/* Begin a test: skip it where it cannot run, and look at the host. */
void shared_msrs_test_init(void);

/* The points of a report that all tests have; NULL for none. */
void report_effects(const char *name, const struct tally guest[NR_EFFECTS],
		    const struct tally host[NR_HOST_EFFECTS]);

#endif /* SELFTEST_KVM_SHARED_MSRS_H */
