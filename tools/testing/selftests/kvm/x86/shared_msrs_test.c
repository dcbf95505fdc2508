// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared MSRs hold the guest's values after every kind of exit, whatever happens
 * on the CPU before the guest goes on, and the host's in user mode.
 *
 * Each step is about one kind of exit and one event that comes between the exit and
 * the next look at the values. It gives every MSR a value not used before (by
 * WRMSR in the guest or by KVM_SET_MSRS), causes the exit and the event, and looks
 * at the effect of the values. The guest then changes them all while they are
 * loaded, clears EFER.SCE, and changes them once more before it sets EFER.SCE again,
 * each time with such an exit, event and look. All steps run on each CPU.
 *
 * Three threads share that CPU: the main thread runs the guest; the agent, a task
 * of user mode, preempts it, sends it signals and moves it to another CPU; the
 * third one runs the vCPU of another VM, which has other values.
 */
#include "shared_msrs.h"

#include <semaphore.h>
#include <signal.h>
#include <sys/ioctl.h>

#define MMIO_GPA	0xd0000000ULL
#define MAILBOX_GPA	0xe0000000ULL
#define MAILBOX_SLOT	11
#define PIO_PORT	0x5000

/* Delivery modes of an IPI. */
#define ICR_SMI		0x200
#define ICR_NMI		0x400

/* The last byte of VMCALL and of VMMCALL. */
#define VMCALL		0xc1
#define VMMCALL		0xd9

/* No hypercall has this number; what KVM answers (KVM_ENOSYS). */
#define NO_HYPERCALL	0x7368
#define NO_SUCH_CALL	(-1000)

/*
 * How long the guest spins for an interrupt of the host to come, in cycles: some
 * 10 ms under emulation. It is doubled as long as none comes.
 */
#define MIN_SPIN	200000ULL
#define MAX_SPIN	(MIN_SPIN << 14)

/*
 * How long the helpers sleep before they look for work, in ms. Emulated, a look
 * takes each of them 1 ms. If they left the CPU alone for less than a VM-entry
 * takes, KVM would start that again and again, as somebody wants the CPU each
 * time, and the guest would never run.
 */
#define HELPER_NAP	4

/* The guest causes its exit once in each phase of a step. */
enum phase {
	PHASE_SET,		/* values set at the beginning of the step */
	PHASE_REWRITTEN,	/* changed by WRMSR while loaded */
	PHASE_SCE_CLEAR,	/* the same values, EFER.SCE clear */
	PHASE_SCE_SET,		/* changed, then EFER.SCE set */
	NR_PHASES
};

/* What a phase adds to the number of its step's values. */
static const u32 phase_numbers[NR_PHASES] = { 0, 1, 1, 2 };
#define STEP_VALUES	3

/* The other vCPU's values differ from those of the guest in each MSR. */
#define OTHER_VALUES	33

enum exit_kind {
	EXIT_WRMSR,
	EXIT_CPUID,
	EXIT_EMULATED_RDMSR,
	EXIT_EMULATED_WRMSR,
	EXIT_FAULT,
	EXIT_HLT,
	EXIT_PIO,
	EXIT_MMIO,
	EXIT_INTERRUPT,
	EXIT_SIGNAL,
	EXIT_HYPERCALL,
	EXIT_UD,
	EXIT_NMI,
	EXIT_SMI,
	NR_EXITS
};

static const char * const exit_names[NR_EXITS] = {
	[EXIT_WRMSR]		= "WRMSR of the MSRs",
	[EXIT_CPUID]		= "CPUID",
	[EXIT_EMULATED_RDMSR]	= "RDMSR of an emulated MSR",
	[EXIT_EMULATED_WRMSR]	= "WRMSR of an emulated MSR",
	[EXIT_FAULT]		= "EPT or NPT fault",
	[EXIT_HLT]		= "HLT with a timer",
	[EXIT_PIO]		= "PIO",
	[EXIT_MMIO]		= "MMIO",
	[EXIT_INTERRUPT]	= "external interrupt",
	[EXIT_SIGNAL]		= "signal",
	[EXIT_HYPERCALL]	= "hypercall",
	[EXIT_UD]		= "emulated #UD",
	[EXIT_NMI]		= "NMI sent to itself",
	[EXIT_SMI]		= "SMI sent to itself",
};

/* What happens after the exit, before the guest looks at the effects. */
enum between {
	BETWEEN_NOTHING,
	BETWEEN_USER,
	BETWEEN_USER_MOVE,
	BETWEEN_PREEMPTION,
	BETWEEN_MOVE,
	BETWEEN_VCPU,
	NR_BETWEEN
};

static const char * const between_names[NR_BETWEEN] = {
	[BETWEEN_NOTHING]	= "nothing",
	[BETWEEN_USER]		= "return to user mode",
	[BETWEEN_USER_MOVE]	= "return to user mode, re-entry on another CPU",
	[BETWEEN_PREEMPTION]	= "preemption by a task of user mode",
	[BETWEEN_MOVE]		= "move to another CPU without a return",
	[BETWEEN_VCPU]		= "another VM's vCPU runs on the CPU",
};

/* Why the guest returns to user mode on purpose. */
enum stage {
	STAGE_STEP,		/* done: the next one, please */
	STAGE_USER,		/* BETWEEN_USER, BETWEEN_USER_MOVE */
	STAGE_SPIN,		/* EXIT_INTERRUPT: about to spin */
	STAGE_SPUN,		/* and afterwards */
};

/* What the guest asks of the others while it spins. */
enum wish {
	WISH_SIGNAL,
	WISH_PREEMPTION,
	WISH_MOVE,
	WISH_VCPU,
};

struct observation {
	u64 proof;			/* that the exit happened */
	struct effects effects;
	u64 msrs[NR_SHARED_MSRS];
};

/*
 * A page that all threads and guests have at the same address. It is changed
 * only by who is at it; the guest gives it away with a wish, and gets it back
 * when that is granted.
 */
static struct mailbox {
	/* Written by the host before a step. */
	u32 kind;
	u32 between;
	u32 n;			/* of the values */
	bool set_by_host;
	bool amd;
	u64 spin;			/* in cycles of the guest's TSC */
	/* Written by the guest in a step. */
	u32 done;			/* n of the step that is done */
	u32 stage;
	u32 betweens;		/* how many times it let something happen */
	struct observation seen[NR_PHASES];
	/* The guest makes a wish and spins until it is granted. */
	u32 wish;
	u32 other_n;		/* of the values for the other vCPU */
	u32 wishes;
	u32 granted;
	/* EXIT_INTERRUPT: the host wants another try. */
	bool spin_again;
	/* For the other vCPU, and by it. */
	bool stop;
	u32 turns;			/* in a step */
	struct tally other[NR_EFFECTS];
} *const mailbox = (struct mailbox *)MAILBOX_GPA;

static_assert(sizeof(*mailbox) <= PAGE_BYTES, "struct mailbox");

/* --- What guest and host both compute --- */

static void phase_values(u64 values[NR_SHARED_MSRS], u32 n, enum phase phase)
{
	guest_values(values, n + phase_numbers[phase]);
	if (phase == PHASE_SCE_CLEAR)
		values[SHARED_EFER] &= ~EFER_SCE;
}

#define BRAND_MAGIC	0x72616873	/* "shar" */

/* What a hypercall leaves in RAX, and in memory as its last byte. */
static u64 hypercall_proof(u32 rax, u8 byte)
{
	return rax | (u64)byte << 32;
}

/* --- Guest --- */

static u64 nmis;

static void guest_nmi(struct ex_regs *regs)
{
	WRITE_ONCE(nmis, nmis + 1);
}

static u64 guest_call(bool vmmcall)
{
	u64 rax;

	WRITE_ONCE(guest_hypercall_byte, vmmcall ? VMMCALL : VMCALL);
	rax = guest_hypercall(NO_HYPERCALL);
	return hypercall_proof(rax, READ_ONCE(guest_hypercall_byte));
}

static u64 guest_smi(void)
{
	u16 *count = (u16 *)SMI_COUNT_GPA;
	u16 before = READ_ONCE(*count);

	guest_icr(ICR_SMI);
	return READ_ONCE(*count) - before;
}

/*
 * Without an exit of its own: RDTSC is none, but many PAUSEs would be. With
 * interrupts on, as Bochs lets none of the host's in otherwise; the guest itself
 * gets none, its timer is not running.
 */
static void guest_spin(void)
{
	u64 start = rdtsc();

	asm volatile("sti");
	while (rdtsc() - start < mailbox->spin)
		;
	asm volatile("cli");
}

static void guest_sync(enum stage stage)
{
	mailbox->stage = stage;
	GUEST_SYNC(stage);
}

static void guest_wish(enum wish wish)
{
	u32 number = mailbox->wishes + 1;

	mailbox->wish = wish;
	WRITE_ONCE(mailbox->wishes, number);
	/* As guest_spin(): only an interrupt of the host lets others run. */
	asm volatile("sti");
	while (READ_ONCE(mailbox->granted) != number)
		;
	asm volatile("cli");
}

/* Cause one exit and return the proof that it happened. */
static u64 guest_exit(enum phase phase)
{
	u64 *fresh = (u64 *)(FRESH_GPA + phase * PAGE_BYTES);
	u32 *mmio = (u32 *)MMIO_GPA;
	u32 eax, ebx, ecx, edx;
	u64 proof;

	switch (mailbox->kind) {
	case EXIT_CPUID:
		cpuid(0x80000002, &eax, &ebx, &ecx, &edx);
		return eax;
	case EXIT_EMULATED_RDMSR:
		return rdmsr(MSR_IA32_UCODE_REV);
	case EXIT_EMULATED_WRMSR:
		wrmsr(MSR_IA32_MC0_ADDR, magic(mailbox->n, phase));
		return 0;
	case EXIT_FAULT:
		/* The host dropped the page: what was written is gone. */
		proof = READ_ONCE(*fresh);
		WRITE_ONCE(*fresh, magic(mailbox->n, phase));
		return proof;
	case EXIT_HLT:
		return guest_nap(1);
	case EXIT_PIO:
		outl(PIO_PORT, magic(mailbox->n, phase));
		return inw(PIO_PORT);
	case EXIT_MMIO:
		WRITE_ONCE(*mmio, magic(mailbox->n, phase));
		return READ_ONCE(*mmio);
	case EXIT_INTERRUPT:
		guest_spin();
		return 0;
	case EXIT_SIGNAL:
		guest_wish(WISH_SIGNAL);
		return 0;
	case EXIT_HYPERCALL:
		return guest_call(mailbox->amd);
	case EXIT_UD:
		return guest_call(!mailbox->amd);
	case EXIT_NMI:
		proof = nmis;
		guest_icr(ICR_NMI);
		return READ_ONCE(nmis) - proof;
	case EXIT_SMI:
		return guest_smi();
	default:
		return 0;
	}
}

static void guest_between(u32 n)
{
	mailbox->betweens++;
	mailbox->other_n = n + OTHER_VALUES;
	if (mailbox->between == BETWEEN_USER || mailbox->between == BETWEEN_USER_MOVE)
		guest_sync(STAGE_USER);
	else if (mailbox->between == BETWEEN_PREEMPTION)
		guest_wish(WISH_PREEMPTION);
	else if (mailbox->between == BETWEEN_MOVE)
		guest_wish(WISH_MOVE);
	else if (mailbox->between == BETWEEN_VCPU)
		guest_wish(WISH_VCPU);
}

static void guest_observe(enum phase phase)
{
	struct observation *seen = &mailbox->seen[phase];
	u32 n = mailbox->n + phase_numbers[phase];

	seen->proof = guest_exit(phase);
	guest_between(n);
	guest_see(&seen->effects, n & 2);
}

static void guest_phase(enum phase phase)
{
	struct observation *seen = &mailbox->seen[phase];

	if (mailbox->kind == EXIT_INTERRUPT) {
		/* The host sees whether one came from here on. */
		do {
			guest_sync(STAGE_SPIN);
			guest_observe(phase);
			guest_sync(STAGE_SPUN);
		} while (READ_ONCE(mailbox->spin_again));
	} else {
		guest_observe(phase);
	}

	/* Effects came first: RDMSR is an exit. */
	guest_rdmsr_all(seen->msrs);
	/* No other exit may come between the exit in question and the look. */
	if (mailbox->kind == EXIT_EMULATED_WRMSR)
		seen->proof = rdmsr(MSR_IA32_MC0_ADDR);
}

static void guest_code(void)
{
	u64 values[NR_SHARED_MSRS];
	int i;

	guest_apic_init();
	wrmsr(MSR_EFER, GUEST_EFER);

	for (;;) {
		guest_sync(STAGE_STEP);

		for (i = 0; i < NR_PHASES; i++) {
			phase_values(values, mailbox->n, i);
			if (i == PHASE_SCE_CLEAR)
				wrmsr(MSR_EFER, values[SHARED_EFER]);
			else if (i != PHASE_SET || !mailbox->set_by_host)
				guest_wrmsr_all(values);
			if (i == PHASE_SCE_SET)
				wrmsr(MSR_EFER, values[SHARED_EFER]);

			guest_phase(i);
		}
		mailbox->done = mailbox->n;
	}
}

/* The other VM's vCPU stays in KVM_RUN and naps until there is a wish for it. */
static void other_guest_code(void)
{
	u64 values[NR_SHARED_MSRS];
	struct effects seen;

	guest_apic_init();
	wrmsr(MSR_EFER, GUEST_EFER);

	for (;;) {
		while (!READ_ONCE(mailbox->stop)) {
			guest_nap(HELPER_NAP);
			if (READ_ONCE(mailbox->wishes) == mailbox->granted ||
			    mailbox->wish != WISH_VCPU)
				continue;

			guest_values(values, mailbox->other_n);
			guest_wrmsr_all(values);
			guest_see(&seen, mailbox->other_n & 2);
			check_effects(mailbox->other, values, &seen);

			values[SHARED_EFER] &= ~EFER_SCE;
			wrmsr(MSR_EFER, values[SHARED_EFER]);
			guest_see(&seen, mailbox->other_n & 2);
			check_effects(mailbox->other, values, &seen);
			wrmsr(MSR_EFER, GUEST_EFER);
			mailbox->turns++;
			WRITE_ONCE(mailbox->granted, mailbox->wishes);
		}
		GUEST_SYNC(0);
	}
}

/* --- Host: what can happen here --- */

static bool has_smi;
static bool has_irq_exits;

/* How many interrupts of the host made the guest exit, says KVM. */
static long read_irq_exits(struct kvm_vm *vm)
{
	char name[64];

	snprintf(name, sizeof(name), "%d-%d/irq_exits", getpid(), vm->fd);
	return host_kvm_stat(name);
}

static const char *exit_skip(enum exit_kind kind)
{
	if (kind == EXIT_SMI && !has_smi)
		return "KVM offers no SMM";
	return NULL;
}

static const char *between_skip(enum between between)
{
	if ((between == BETWEEN_USER_MOVE || between == BETWEEN_MOVE) &&
	    host_nr_cpus() < 2)
		return "only one CPU";
	return NULL;
}

/* --- Host: tallies and threads --- */

/* Judged by all the steps with this exit and this between. */
static struct tallies {
	struct tally exit;
	struct tally between;
	struct tally rdmsr;
	struct tally get_msrs;
	struct tally guest[NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
	/* By the other threads, which run beside the first one. */
	struct tally agent[NR_HOST_EFFECTS];
	struct tally other[NR_HOST_EFFECTS];
} all_tallies[NR_EXITS][NR_BETWEEN];

/* Those of this step. */
static struct tallies *tallies = &all_tallies[0][0];

/* Where the guest's thread is. */
static int this_cpu;

/* What happened in this step. */
static u32 nr_signals, nr_user, nr_preemptions, nr_moves;

/* A thread that is at work in some steps only, and then runs as soon as it wants to. */
struct helper {
	pthread_t thread;
	sem_t go;
	sem_t done;
	bool quit;
	bool fifo;
	struct kvm_vcpu *vcpu;
};

static struct helper agent, other;
static bool agent_stop;
static pthread_t main_thread;

static void helper_create(struct helper *h, void *(*function)(void *))
{
	sem_init(&h->go, 0, 0);
	sem_init(&h->done, 0, 0);
	host_thread(&h->thread, function, h);
	/* It says so when it is there. */
	sem_wait(&h->done);
}

static void helper_quit(struct helper *h)
{
	h->quit = true;
	sem_post(&h->go);
	pthread_join(h->thread, NULL);
}

/* Back from a sleep or a system call that slept: what does user mode see? */
static void agent_look(void)
{
	int cpu = host_check(tallies->agent);

	/* Nothing else runs there until a real-time task sleeps again. */
	if (agent.fifo)
		host_check_msrs(cpu, &tallies->agent[HOST_MSRS]);
}

static void agent_grant(void)
{
	switch (mailbox->wish) {
	case WISH_SIGNAL:
		/* Granted when KVM_RUN has returned. */
		TEST_ASSERT(!pthread_kill(main_thread, SIGUSR1),
			    "pthread_kill failed");
		break;
	case WISH_PREEMPTION:
		/* On the only CPU where the guest may run. */
		nr_preemptions++;
		WRITE_ONCE(mailbox->granted, mailbox->wishes);
		break;
	case WISH_MOVE:
		this_cpu = host_next_cpu(this_cpu);
		/* The main thread. */
		host_pin_task(getpid(), this_cpu);
		/* Is all well on the CPU that it left, and where it is now? */
		agent_look();
		host_pin(this_cpu);
		agent_look();
		nr_moves++;
		WRITE_ONCE(mailbox->granted, mailbox->wishes);
		break;
	}
}

static void *agent_thread(void *arg)
{
	struct helper *h = arg;
	u32 seen;

	h->fifo = host_set_fifo(1);
	for (;;) {
		sem_post(&h->done);
		sem_wait(&h->go);
		if (h->quit)
			return NULL;

		host_pin(this_cpu);
		seen = mailbox->granted;
		while (!READ_ONCE(agent_stop)) {
			host_sleep(HELPER_NAP * 1000000);
			agent_look();
			/* Once each. */
			if (READ_ONCE(mailbox->wishes) != seen) {
				seen = mailbox->wishes;
				agent_grant();
			}
		}
	}
}

static void *other_thread(void *arg)
{
	struct helper *h = arg;

	h->fifo = host_set_fifo(1);
	for (;;) {
		sem_post(&h->done);
		sem_wait(&h->go);
		if (h->quit)
			return NULL;

		host_pin(this_cpu);
		vcpu_run(h->vcpu);
		tally_check(&tallies->between, "other vCPU's CPU", this_cpu,
			    host_check(tallies->other));
		vcpu_check_sync(h->vcpu);
		host_check(tallies->other);
	}
}

static void handle_signal(int signal)
{
}

/* --- Host: steps --- */

/* Called whenever KVM_RUN has returned; it must have run where it shall be. */
static void check_host(void)
{
	int cpu = host_check(tallies->host);

	/* The other vCPU may be in KVM_RUN there. */
	if (mailbox->between != BETWEEN_VCPU)
		host_check_msrs(cpu, &tallies->host[HOST_MSRS]);
	TEST_ASSERT(cpu == this_cpu, "on CPU %d instead of %d", cpu, this_cpu);
}

static void check_exit(enum phase phase, u64 proof)
{
	u64 call = hypercall_proof(NO_SUCH_CALL, mailbox->amd ? VMMCALL : VMCALL);
	u64 number = magic(mailbox->n, phase);
	const u64 expected[NR_EXITS] = {
		[EXIT_CPUID]		= BRAND_MAGIC,
		[EXIT_EMULATED_RDMSR]	= magic(mailbox->n, PHASE_SET),
		[EXIT_EMULATED_WRMSR]	= number,
		[EXIT_HLT]		= (uintptr_t)guest_halted,
		[EXIT_PIO]		= number & 0xffff,
		[EXIT_MMIO]		= number,
		[EXIT_HYPERCALL]	= call,
		[EXIT_UD]		= call,
		[EXIT_NMI]		= 1,
		[EXIT_SMI]		= 1,
	};

	/* KVM's statistics show an interrupt. */
	if (mailbox->kind != EXIT_INTERRUPT)
		tally_check(&tallies->exit, "proof", expected[mailbox->kind],
			    proof);
}

static void check_phase(enum phase phase)
{
	const struct observation *seen = &mailbox->seen[phase];
	u64 values[NR_SHARED_MSRS];

	check_exit(phase, seen->proof);
	phase_values(values, mailbox->n, phase);
	check_effects(tallies->guest, values, &seen->effects);
	check_msrs(&tallies->rdmsr, values, seen->msrs);
}

/* Did the event in between happen as often as the guest says? */
static void check_between(void)
{
	const struct {
		const char *what;
		u32 nr;
	} events[NR_BETWEEN] = {
		[BETWEEN_USER]		= { "returns to user mode", nr_user },
		[BETWEEN_USER_MOVE]	= { "returns to user mode", nr_user },
		[BETWEEN_PREEMPTION]	= { "preemptions", nr_preemptions },
		[BETWEEN_MOVE]		= { "moves", nr_moves },
		[BETWEEN_VCPU]		= { "turns", mailbox->turns },
	};

	if (events[mailbox->between].what)
		tally_check(&tallies->between, events[mailbox->between].what,
			    mailbox->betweens, events[mailbox->between].nr);
}

static void handle_stage(struct kvm_vm *vm)
{
	static long before;
	long after;

	switch (mailbox->stage) {
	case STAGE_USER:
		nr_user++;
		if (mailbox->between == BETWEEN_USER_MOVE)
			this_cpu = host_pin_next(this_cpu);
		break;
	case STAGE_SPIN:
		before = read_irq_exits(vm);
		break;
	case STAGE_SPUN:
		mailbox->spin_again = false;
		after = read_irq_exits(vm);
		if (after < 0)
			break;
		if (after == before && mailbox->spin < MAX_SPIN) {
			mailbox->spin *= 2;
			mailbox->spin_again = true;
			break;
		}
		tally_check(&tallies->exit, "irq_exits grow", true,
			    after > before);
		break;
	}
}

/* Answer a PIO or MMIO: in each phase the guest writes a value and reads it back. */
static void handle_access(const struct access *access, unsigned int number)
{
	struct tally *exit = &tallies->exit;
	u32 value = magic(mailbox->n, number / 2);

	tally_check(exit, "access to the port or to the memory",
		    mailbox->kind == EXIT_PIO, access->pio);
	tally_check(exit, "address", access->pio ? PIO_PORT : MMIO_GPA,
		    access->address);
	tally_check(exit, "direction", !(number % 2), access->write);
	if (access->write)
		tally_check(exit, "data", value, *(u32 *)access->data);
	else
		memcpy(access->data, &value, access->size);
}

/* Run the guest to the end of its step, and check the host after each KVM_RUN. */
static void run_to_end_of_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu)
{
	struct tally *exit = &tallies->exit;
	unsigned int accesses = 0;
	struct access access;
	int ret, error;

	do {
		ret = __vcpu_run(vcpu);
		error = errno;
		check_host();

		if (ret) {
			TEST_ASSERT(ret == -1 && error == EINTR,
				    "KVM_RUN failed, errno: %i", error);
			tally_check(exit, "exit reason", KVM_EXIT_INTR,
				    vcpu->run->exit_reason);
			nr_signals++;
			WRITE_ONCE(mailbox->granted, mailbox->wishes);
			continue;
		}
		if (vcpu_access(vcpu, &access)) {
			handle_access(&access, accesses++);
			continue;
		}

		vcpu_check_sync(vcpu);
		/* KVM_RUN completed the port access of the ucall. */
		check_host();
		handle_stage(vm);
		if (mailbox->stage == STAGE_STEP)
			break;
	} while (true);

	if (mailbox->kind == EXIT_PIO || mailbox->kind == EXIT_MMIO)
		tally_check(exit, "exits to user mode", 2 * NR_PHASES, accesses);
	if (mailbox->kind == EXIT_SIGNAL)
		tally_check(exit, "signals", NR_PHASES, nr_signals);
}

static void prepare_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
			 enum exit_kind kind, enum between between,
			 bool set_by_host)
{
	u64 values[NR_SHARED_MSRS];

	tallies = &all_tallies[kind][between];
	mailbox->kind = kind;
	mailbox->between = between;
	mailbox->set_by_host = set_by_host;
	mailbox->n += STEP_VALUES;
	mailbox->betweens = 0;
	mailbox->turns = 0;
	mailbox->stop = false;
	agent_stop = false;
	tally_step = mailbox->n;
	nr_signals = 0;
	nr_user = 0;
	nr_preemptions = 0;
	nr_moves = 0;

	if (set_by_host) {
		phase_values(values, mailbox->n, PHASE_SET);
		vcpu_set_shared_msrs(vcpu, values);
	}
	vcpu_set_msr(vcpu, MSR_IA32_UCODE_REV, magic(mailbox->n, PHASE_SET));
	vm_drop_fresh_pages(vm, NR_PHASES);
}

static void check_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu)
{
	u64 values[NR_SHARED_MSRS], msrs[NR_SHARED_MSRS];
	u64 *fresh = addr_gpa2hva(vm, FRESH_GPA);
	int i;

	tally_check(&tallies->exit, "step done by the guest", mailbox->n,
		    mailbox->done);
	for (i = 0; i < NR_PHASES; i++)
		check_phase(i);
	check_between();

	phase_values(values, mailbox->n, NR_PHASES - 1);
	vcpu_get_shared_msrs(vcpu, msrs);
	check_msrs(&tallies->get_msrs, values, msrs);
	if (mailbox->kind == EXIT_EMULATED_WRMSR)
		tally_check(&tallies->exit, "MC0_ADDR",
			    magic(mailbox->n, NR_PHASES - 1),
			    vcpu_get_msr(vcpu, MSR_IA32_MC0_ADDR));
	for (i = 0; mailbox->kind == EXIT_FAULT && i < NR_PHASES; i++)
		tally_check(&tallies->exit, "written page", magic(mailbox->n, i),
			    fresh[i * PAGE_BYTES / sizeof(*fresh)]);
}

static void run_step(struct kvm_vm *vm, struct kvm_vcpu *vcpu, int cpu,
		     enum exit_kind kind, enum between between,
		     bool set_by_host)
{
	bool need_agent = kind == EXIT_SIGNAL ||
			  between == BETWEEN_PREEMPTION || between == BETWEEN_MOVE;
	bool need_other = between == BETWEEN_VCPU;

	this_cpu = host_pin(cpu);
	prepare_step(vm, vcpu, kind, between, set_by_host);
	if (need_agent)
		sem_post(&agent.go);
	if (need_other)
		sem_post(&other.go);

	run_to_end_of_step(vm, vcpu);

	WRITE_ONCE(agent_stop, true);
	WRITE_ONCE(mailbox->stop, true);
	if (need_agent)
		sem_wait(&agent.done);
	if (need_other)
		sem_wait(&other.done);
	check_step(vm, vcpu);
}

static void run_all_steps(struct kvm_vm *vm, struct kvm_vcpu *vcpu, int cpu)
{
	int kind, between;

	for (kind = 0; kind < NR_EXITS; kind++) {
		for (between = 0; between < NR_BETWEEN; between++) {
			if (exit_skip(kind) || between_skip(between))
				continue;
			run_step(vm, vcpu, cpu, kind, between, false);
			run_step(vm, vcpu, cpu, kind, between, true);
		}
	}
}

/* --- Host: which MSRs user space is to save --- */

static u32 count_index(const struct kvm_msr_list *list, u32 index)
{
	u32 i, count = 0;

	for (i = 0; i < list->nmsrs; i++)
		count += list->indices[i] == index;
	return count;
}

/* EFER is in KVM_GET_SREGS. */
static void report_index_list(void)
{
	const struct {
		u32 index;
		bool listed;
	} msrs[] = {
		{ MSR_STAR, true },
		{ MSR_LSTAR, true },
		{ MSR_CSTAR, true },
		{ MSR_SYSCALL_MASK, true },
		{ MSR_KERNEL_GS_BASE, true },
		{ MSR_TSC_AUX, guest_has.rdtscp },
		{ MSR_EFER, false },
	};
	struct kvm_msr_list none = {}, *list = &none;
	int i, fd = open("/dev/kvm", O_RDWR);
	struct tally tally = {};
	u32 sum = 0;

	/* It tells how many there are. */
	ioctl(fd, KVM_GET_MSR_INDEX_LIST, list);
	list = calloc(1, sizeof(*list) + none.nmsrs * sizeof(list->indices[0]));
	TEST_ASSERT(list, "no memory");
	list->nmsrs = none.nmsrs;
	TEST_ASSERT(!ioctl(fd, KVM_GET_MSR_INDEX_LIST, list),
		    "KVM_GET_MSR_INDEX_LIST failed, errno: %i", errno);
	close(fd);
	for (i = 0; i < (int)list->nmsrs; i++)
		sum = sum * 31 + list->indices[i];
	/* To be compared with the kernel's that has no shared MSRs. */
	ksft_print_msg("%u MSRs to be saved, sum %#x\n", list->nmsrs, sum);
	for (i = 0; i < (int)ARRAY_SIZE(msrs); i++) {
		tally_step = msrs[i].index;
		tally_check(&tally, "entries of an MSR", msrs[i].listed,
			    count_index(list, msrs[i].index));
	}
	free(list);
	tally_report(&tally, "KVM_GET_MSR_INDEX_LIST");
}

/* --- Host: report --- */

/*
 * All effects of a combination in one point: each must have been looked at, as
 * long as there is such an effect here at all.
 */
static void report_guest_effects(const struct tallies *t, const char *skip,
				 const char *name)
{
	struct tally sum = tallies_sum(t->guest, NR_EFFECTS);
	int i;

	for (i = 0; i < NR_EFFECTS && !skip; i++) {
		if (effect_skip(i) || t->guest[i].checks)
			continue;
		ksft_print_msg("%s: %s: never checked\n", name, effect_names[i]);
		sum.checks = 0;
	}
	tally_report_unless(skip, &sum, "%s: guest's values are in effect", name);
}

static void report_combination(enum exit_kind kind, enum between between)
{
	const struct tallies *t = &all_tallies[kind][between];
	const char *skip = exit_skip(kind) ?: between_skip(between);
	const char *skip_exit = skip;
	char name[128];

	snprintf(name, sizeof(name), "%s, %s", exit_names[kind],
		 between_names[between]);
	if (!skip && kind == EXIT_INTERRUPT && !has_irq_exits)
		skip_exit = "cannot read irq_exits in debugfs";
	tally_report_unless(skip_exit, &t->exit, "%s: exit happens", name);
	if (between != BETWEEN_NOTHING)
		tally_report_unless(skip, &t->between,
				    "%s: the event in between happens", name);
	report_guest_effects(t, skip, name);
}

static void report(void)
{
	struct tally guest[NR_EFFECTS] = {}, host[NR_HOST_EFFECTS] = {};
	struct tally helpers[NR_HOST_EFFECTS] = {};
	struct tally rdmsr = {}, get_msrs = {};
	int kind, between;

	for (kind = 0; kind < NR_EXITS; kind++) {
		for (between = 0; between < NR_BETWEEN; between++) {
			const struct tallies *t = &all_tallies[kind][between];

			report_combination(kind, between);
			tally_add(&rdmsr, &t->rdmsr);
			tally_add(&get_msrs, &t->get_msrs);
			tallies_add(guest, t->guest, NR_EFFECTS);
			tallies_add(host, t->host, NR_HOST_EFFECTS);
			tallies_add(helpers, t->agent, NR_HOST_EFFECTS);
			tallies_add(helpers, t->other, NR_HOST_EFFECTS);
		}
	}

	tally_report(&rdmsr, "all exits: RDMSR agrees");
	tally_report(&get_msrs, "all exits: KVM_GET_MSRS agrees");
	report_effects("all exits", guest, host);
	report_effects("the other VM's vCPU", mailbox->other, NULL);
	if (!agent.fifo)
		host_before.skip_msrs = "no right to SCHED_FIFO";
	report_effects("tasks beside the guest", NULL, helpers);
}

/* Two for each exit with each between, and one for all but BETWEEN_NOTHING. */
#define NR_POINTS	(NR_EXITS * (NR_BETWEEN * 3 - 1) + 3 + \
			 2 * NR_EFFECTS + 2 * NR_HOST_EFFECTS)

/* --- Host: guests --- */

static struct kvm_vm *create_guest(struct kvm_vcpu **vcpu, void *code)
{
	struct kvm_vm *vm = vm_create_with_one_vcpu(vcpu, code);

	vcpu_get_cpuid_entry(*vcpu, 0x80000002)->eax = BRAND_MAGIC;
	vcpu_set_cpuid(*vcpu);

	guests_init(vm, vcpu, 1);
	vm_install_exception_handler(vm, NMI_VECTOR, guest_nmi);

	vm_add_fresh_pages(vm, NR_PHASES);
	virt_map(vm, MMIO_GPA, MMIO_GPA, 1);
	vm_add_memory(vm, MAILBOX_SLOT, MAILBOX_GPA, PAGE_BYTES, mailbox);
	virt_map(vm, MAILBOX_GPA, MAILBOX_GPA, 1);
	return vm;
}

static void init_smm(struct kvm_vm *vm, struct kvm_vcpu *vcpu)
{
	has_smi = kvm_has_cap(KVM_CAP_X86_SMM);
	if (!has_smi)
		return;
	vm_add_smram(vm, vcpu);
	virt_map(vm, SMI_COUNT_GPA, SMI_COUNT_GPA, 1);
}

static void init_mailbox(void)
{
	void *page = mmap(mailbox, PAGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			  0);

	TEST_ASSERT(page == mailbox, "mmap of the mailbox failed, errno: %i",
		    errno);
	mailbox->amd = is_kvm_amd();
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = handle_signal };
	struct kvm_vm *vm, *other_vm;
	struct kvm_vcpu *vcpu;
	int cpu;

	shared_msrs_test_init();
	report_plan(NR_POINTS);
	init_mailbox();

	vm = create_guest(&vcpu, guest_code);
	other_vm = create_guest(&other.vcpu, other_guest_code);
	init_smm(vm, vcpu);
	has_irq_exits = read_irq_exits(vm) >= 0;
	mailbox->spin = MIN_SPIN;

	main_thread = pthread_self();
	sigaction(SIGUSR1, &action, NULL);
	helper_create(&agent, agent_thread);
	helper_create(&other, other_thread);
	if (!agent.fifo || !other.fifo)
		ksft_print_msg("no right to SCHED_FIFO: helpers wait for the scheduler\n");

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	this_cpu = host_pin_last();
	run_to_end_of_step(vm, vcpu);

	for_each_host_cpu(cpu) {
		run_all_steps(vm, vcpu, cpu);
		ksft_print_msg("to step %u on CPU %d\n", mailbox->n, cpu);
	}
	helper_quit(&agent);
	helper_quit(&other);
	report();
	report_index_list();

	kvm_vm_free(vm);
	kvm_vm_free(other_vm);
	report_end();
}
