// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of shared MSRs follow a vCPU through every change of its state.
 *
 * Which of them are active depends on EFER, CR0.PG and CPUID, all of which the
 * guest or user space may change at any time; and the values may change while
 * they are not active.  So take vCPUs to compatibility mode and out of long mode
 * and back, clear and set EFER.SCE by all the ways there are, add RDTSCP to
 * CPUID late, INIT a vCPU, restore it in a new VM, run vCPUs of different states
 * in turn, change values on one CPU while another still has the old ones, and
 * look at the effects every time, on each CPU.
 *
 * The host writes a script for a vCPU and keeps track of the values that it must
 * have at each step.  The guest runs a script without any exit but those that
 * the script asks for.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "kvm_util.h"
#include "processor.h"
#include "shared_msrs.h"
#include "shared_msrs_trip.h"

/* Besides what trips need: a page of stack and a script for each vCPU. */
#define LOW_STACKS	0xc0004000
#define LOW_SCRIPTS	0xc0008000
#define LOW_SLOT	10

#define SCRIPT_PAGES	4
#define MAX_VCPUS	4
#define LOW_PAGES	(8 + SCRIPT_PAGES * MAX_VCPUS)

/* --- Scripts --- */

enum op_kind {
	OP_WRMSR,
	OP_SEE,
	OP_TRIP,
	OP_TRY,
	OP_TRY_RDPID,
	OP_INIT,
	OP_PASS,	/* it is the next vCPU's turn */
};

/* What there is to try where the guest's CPUID has no TSC_AUX. */
enum attempt {
	TRY_RDTSCP,
	TRY_RDPID,
	TRY_RDMSR,
	TRY_WRMSR,
	NR_ATTEMPTS
};

struct op {
	u32 kind;
	bool turn;		/* wait for it */
	bool tsc_aux_first;
	u32 msr;
	u64 value;

	struct trip trip;
	struct effects effects;
	u64 msrs[NR_SHARED_MSRS];
	u64 vectors[NR_ATTEMPTS];
	u64 results[NR_ATTEMPTS];
};

#define MAX_OPS		28

struct script {
	u32 nr;
	u32 done;
	struct op ops[MAX_OPS];
};

static_assert(sizeof(struct script) <= SCRIPT_PAGES * PAGE_BYTES, "script");

/* --- Guest --- */

static void guest_try(struct op *op)
{
	op->vectors[TRY_RDTSCP] = guest_try_rdtscp(&op->results[TRY_RDTSCP]);
	/* An older CPU may take it for RDSEED. */
	if (op->value)
		op->vectors[TRY_RDPID] =
			guest_try_rdpid(&op->results[TRY_RDPID]);
	op->vectors[TRY_RDMSR] = guest_try_rdmsr(MSR_TSC_AUX,
						 &op->results[TRY_RDMSR]);
	op->vectors[TRY_WRMSR] = guest_try_wrmsr(MSR_TSC_AUX, 0x1234);
}

/* SYSCALL in 32-bit code, or what guest_fault() is for. */
static void guest_ud(struct ex_regs *regs)
{
	struct trip *trip = (struct trip *)regs->rdi;

	if (regs->cs != CODE32_SEL ||
	    regs->rip != trip_low(trip_syscall_insn)) {
		guest_fault(regs);
		return;
	}
	trip->vector = regs->vector;
	trip->rip = regs->rip;
	trip->rflags = regs->rflags & ~RFLAGS_RF;
	trip->cs = regs->cs;
	regs->rip = trip_low(trip_back);
}

static void guest_send_init(u32 id)
{
	wrmsr(X2APIC_ICR, (u64)id << 32 | ICR_INIT);
	wrmsr(X2APIC_ICR, (u64)id << 32 | ICR_STARTUP | SIPI_VECTOR);
}

static void guest_op(struct op *op, u32 id)
{
	void (*trip)(struct trip *trip, u64 stack) = (void *)(u64)LOW;
	u32 *turn = (u32 *)(u64)LOW_TURN;

	switch (op->kind) {
	case OP_WRMSR:
		wrmsr(op->msr, op->value);
		break;
	case OP_SEE:
		while (op->turn) {
			guest_nap(1);
			if (READ_ONCE(*turn) == id)
				break;
		}
		guest_see(&op->effects, op->tsc_aux_first);
		guest_rdmsr_all(op->msrs);
		break;
	case OP_TRIP:
		trip(&op->trip, LOW_STACKS + (id + 1) * PAGE_BYTES);
		break;
	case OP_TRY:
		guest_try(op);
		break;
	case OP_TRY_RDPID:
		op->vectors[TRY_RDPID] =
			guest_try_rdpid(&op->results[TRY_RDPID]);
		break;
	case OP_INIT:
		guest_send_init(op->value);
		break;
	case OP_PASS:
		WRITE_ONCE(*turn, op->value);
		break;
	}
}

static void guest_code(u32 id)
{
	struct script *script = (struct script *)
		(LOW_SCRIPTS + id * SCRIPT_PAGES * PAGE_BYTES);

	guest_apic_init();
	for (;;) {
		GUEST_SYNC(id);
		/* The host may add to it at a TRIP_STOP. */
		while (READ_ONCE(script->done) < READ_ONCE(script->nr)) {
			guest_op(&script->ops[script->done], id);
			WRITE_ONCE(script->done, script->done + 1);
		}
	}
}

/* --- Host: test points --- */

enum scenario {
	IN_COMPAT,
	IN_LEGACY,
	IN_AMD,
	IN_SCE,
	IN_SREGS,
	IN_CPUID,
	IN_INIT,
	IN_RESTORE,
	IN_TURNS,
	IN_MOVES,
	NR_SCENARIOS
};

enum point {
	POINT_RDMSR,
	POINT_GET_MSRS,
	POINT_MODE,
	POINT_SYSCALL32,
	POINT_NO_TSC_AUX,
	POINT_STATE,
	NR_POINTS
};

static const char * const point_names[NR_POINTS] = {
	[POINT_RDMSR]		= "RDMSR agrees",
	[POINT_GET_MSRS]	= "KVM_GET_MSRS agrees",
	[POINT_MODE]		= "32-bit code runs in the right mode",
	[POINT_SYSCALL32]	= "SYSCALL of 32-bit code",
	[POINT_NO_TSC_AUX]	= "no TSC_AUX without RDTSCP and RDPID in CPUID",
	[POINT_STATE]		= "the state is the expected one",
};

#define POINTS_ALWAYS	(BIT(POINT_RDMSR) | BIT(POINT_GET_MSRS))
#define POINTS_32	(BIT(POINT_MODE) | BIT(POINT_SYSCALL32))

static const struct {
	const char *name;
	unsigned long points;
} scenarios[NR_SCENARIOS] = {
	[IN_COMPAT]	= { "compatibility mode", POINTS_32 },
	[IN_LEGACY]	= { "out of long mode and back", POINTS_32 },
	[IN_AMD]	= { "32-bit code with AMD's CPUID", POINTS_32 },
	[IN_SCE]	= { "EFER.SCE cleared and set", 0 },
	[IN_SREGS]	= { "KVM_SET_SREGS", 0 },
	[IN_CPUID]	= { "CPUID set late",
			    BIT(POINT_NO_TSC_AUX) | BIT(POINT_STATE) },
	[IN_INIT]	= { "INIT and SIPI", POINTS_32 | BIT(POINT_STATE) },
	[IN_RESTORE]	= { "restored in a new VM", POINTS_32 },
	[IN_TURNS]	= { "vCPUs of different states in turn", POINTS_32 },
	[IN_MOVES]	= { "changed on another CPU", 0 },
};

struct tallies {
	struct tally points[NR_POINTS];
	struct tally guest[NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
};

static struct tallies tallies[NR_SCENARIOS];
static enum scenario scenario;
static int this_cpu;

static void check(enum point point, const char *what, u64 expected, u64 actual)
{
	tally_check(&tallies[scenario].points[point], what, expected, actual);
}

/* --- Host: guests --- */

struct guest {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	u32 id;
	struct script *script;
	bool syscall32;		/* SYSCALL of 32-bit code is no #UD */
	u64 values[NR_SHARED_MSRS];
	/* When an op is done. */
	u64 expected[MAX_OPS][NR_SHARED_MSRS];
	struct tally host[NR_HOST_EFFECTS];
};

/* With another landing for each mode; STAR's lower half is used in legacy mode. */
static void next_values(u64 values[NR_SHARED_MSRS])
{
	u64 efer = values[SHARED_EFER];
	u32 n = ++tally_step;

	guest_values(values, n);
	values[SHARED_STAR] &= ~0xffffffffULL;
	values[SHARED_STAR] |= n & 1 ? trip_low(trip_legacy_b) :
				       trip_low(trip_legacy_a);
	values[SHARED_CSTAR] = n & 1 ? trip_low(trip_cstar_b) :
				       trip_low(trip_cstar_a);
	values[SHARED_EFER] = efer;
}

static void check_get_msrs(struct guest *g)
{
	u64 msrs[NR_SHARED_MSRS];

	vcpu_get_shared_msrs(g->vcpu, msrs);
	check_msrs(&tallies[scenario].points[POINT_GET_MSRS], g->values, msrs);
}

static void set_msr(struct guest *g, enum shared_msr msr, u64 value)
{
	vcpu_set_msr(g->vcpu, shared_msrs[msr].index, value);
	g->values[msr] = value;
}

static void set_values(struct guest *g)
{
	next_values(g->values);
	vcpu_set_shared_msrs(g->vcpu, g->values);
}

static void set_efer_by_sregs(struct guest *g, u64 efer)
{
	struct kvm_sregs sregs;

	vcpu_sregs_get(g->vcpu, &sregs);
	sregs.efer = efer;
	vcpu_sregs_set(g->vcpu, &sregs);
	g->values[SHARED_EFER] = efer;
}

/* The values at the last op have changed. */
static void expect_again(struct guest *g)
{
	memcpy(g->expected[g->script->nr - 1], g->values, sizeof(g->values));
}

static struct op *add(struct guest *g, enum op_kind kind)
{
	struct op *op = &g->script->ops[g->script->nr];

	TEST_ASSERT(g->script->nr < MAX_OPS, "script too long");
	memset(op, 0, sizeof(*op));
	op->kind = kind;
	g->script->nr++;
	expect_again(g);
	return op;
}

static void add_wrmsr(struct guest *g, enum shared_msr msr, u64 value)
{
	struct op *op;

	g->values[msr] = value;
	op = add(g, OP_WRMSR);
	op->msr = shared_msrs[msr].index;
	op->value = value;
}

static void add_values(struct guest *g)
{
	int i;

	next_values(g->values);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			add_wrmsr(g, i, g->values[i]);
	}
}

static struct op *add_see(struct guest *g)
{
	struct op *op = add(g, OP_SEE);

	op->tsc_aux_first = g->script->nr & 1;
	return op;
}

static void add_pass(struct guest *g, u32 next)
{
	add(g, OP_PASS)->value = next;
}

/* A trip after which EFER has SCE as @efer does; @change: new values meanwhile. */
static struct trip *add_trip(struct guest *g, u32 flags, u64 efer, bool change)
{
	u64 before[NR_SHARED_MSRS];
	struct trip *trip;
	int i;

	memcpy(before, g->values, sizeof(before));
	if (change)
		next_values(g->values);
	if (flags & TRIP_LEGACY)
		g->values[SHARED_EFER] = efer & ~(EFER_LMA | EFER_LME);
	trip = &add(g, OP_TRIP)->trip;
	trip->flags = flags;
	if (guest_has.rdtscp)
		trip->flags |= TRIP_RDTSCP;
	if (guest_has.rdpid)
		trip->flags |= TRIP_RDPID;
	trip->id = g->id;
	trip->efer_inside = g->values[SHARED_EFER];
	trip->efer_after = efer;
	for (i = 0; change && i < NR_SHARED_MSRS; i++) {
		if (!guest_has.msr[i] || i == SHARED_EFER)
			continue;
		trip->wrmsrs[trip->nr_wrmsrs].msr = shared_msrs[i].index;
		trip->wrmsrs[trip->nr_wrmsrs++].value = g->values[i];
	}
	/* As long as a TRIP_STOP lasts; then see trip_ends(). */
	if (!(flags & TRIP_STOP) && flags & TRIP_LEGACY)
		g->values[SHARED_EFER] = efer;
	return trip;
}

static void trip_ends(struct guest *g)
{
	struct trip *trip = &g->script->ops[g->script->nr - 1].trip;

	expect_again(g);
	if (trip->flags & TRIP_LEGACY)
		g->values[SHARED_EFER] = trip->efer_after;
}

static void check_trip(struct guest *g, const struct trip *trip,
		       const u64 *values)
{
	struct tally *guest = tallies[scenario].guest;
	u64 selector = values[SHARED_STAR] >> 32 & 0xfffc;
	bool legacy = trip->flags & TRIP_LEGACY;

	check(POINT_MODE, "EFER", values[SHARED_EFER], trip->efer);
	if (guest_has.rdtscp)
		tally_check(&guest[EFFECT_RDTSCP], "TSC_AUX in 32-bit code",
			    values[SHARED_TSC_AUX], trip->rdtscp);
	if (guest_has.rdpid)
		tally_check(&guest[EFFECT_RDPID], "TSC_AUX in 32-bit code",
			    values[SHARED_TSC_AUX], trip->rdpid);

	if (!g->syscall32 || !(values[SHARED_EFER] & EFER_SCE)) {
		check(POINT_SYSCALL32, "exception vector", UD_VECTOR,
		      trip->vector);
		check(POINT_SYSCALL32, "RIP", trip_low(trip_syscall_insn),
		      trip->rip);
		check(POINT_SYSCALL32, "RFLAGS", TRIP_RFLAGS, trip->rflags);
		check(POINT_MODE, "CS", CODE32_SEL, trip->cs);
		return;
	}

	check(POINT_SYSCALL32, "exception vector", NO_VECTOR, trip->vector);
	check(POINT_SYSCALL32, legacy ? "EIP of STAR" : "RIP of CSTAR",
	      legacy ? (u32)values[SHARED_STAR] : values[SHARED_CSTAR],
	      trip->rip);
	check(POINT_SYSCALL32, "CS", selector, trip->cs);
	check(POINT_SYSCALL32, "SS", selector + 8, trip->ss);
	check(POINT_SYSCALL32, "RCX", trip_low(trip_syscall_next), trip->rcx);
	/* Legacy mode has no SYSCALL_MASK. */
	check(POINT_SYSCALL32, "RFLAGS",
	      legacy ? TRIP_RFLAGS : TRIP_RFLAGS & ~values[SHARED_SYSCALL_MASK],
	      trip->rflags);
	if (!legacy)
		check(POINT_SYSCALL32, "R11", TRIP_RFLAGS, trip->r11);
}

/*
 * Whoever has no RDTSCP and RDPID must not see the host's TSC_AUX.  VMX makes
 * them #UD; SVM may let RDTSCP run, and cannot intercept RDPID: then it is the
 * vCPU's value that they return.
 */
static void check_try(const struct op *op, const u64 *values)
{
	int i;

	for (i = TRY_RDTSCP; i <= TRY_RDPID; i++) {
		if (i == TRY_RDPID && !op->value)
			continue;
		if (is_kvm_amd() && op->vectors[i] == NO_VECTOR)
			check(POINT_NO_TSC_AUX, i == TRY_RDPID ? "RDPID" :
			      "RDTSCP", values[SHARED_TSC_AUX],
			      op->results[i]);
		else
			check(POINT_NO_TSC_AUX, i == TRY_RDPID ? "RDPID" :
			      "RDTSCP", UD_VECTOR, op->vectors[i]);
	}
	check(POINT_NO_TSC_AUX, "RDMSR", GP_VECTOR, op->vectors[TRY_RDMSR]);
	check(POINT_NO_TSC_AUX, "WRMSR", GP_VECTOR, op->vectors[TRY_WRMSR]);
}

static void check_op(struct guest *g, int nr)
{
	const struct op *op = &g->script->ops[nr];
	const u64 *values = g->expected[nr];

	switch (op->kind) {
	case OP_SEE:
		check_effects(tallies[scenario].guest, values, &op->effects);
		check_msrs(&tallies[scenario].points[POINT_RDMSR], values,
			   op->msrs);
		break;
	case OP_TRIP:
		check_trip(g, &op->trip, values);
		break;
	case OP_TRY:
		check_try(op, values);
		break;
	}
}

/* Other threads' vCPUs may be in KVM_RUN on the same CPU. */
static bool in_turn;

static void check_host(struct guest *g)
{
	host_check(g->host);
	if (!in_turn)
		host_check_msrs(this_cpu, &g->host[HOST_MSRS]);
}

/* To the next GUEST_SYNC, or to the next TRIP_STOP: true. */
static bool run_once(struct guest *g)
{
	struct kvm_run *run = g->vcpu->run;

	vcpu_run(g->vcpu);
	check_host(g);
	if (run->exit_reason == KVM_EXIT_IO && run->io.port == STOP_PORT)
		return true;

	vcpu_check_sync(g->vcpu);
	/* KVM_RUN completed the port access of the ucall. */
	check_host(g);
	return false;
}

/* The guest has run its script: look at what it saw. */
static void check_script(struct guest *g)
{
	struct script *script = g->script;
	int i;

	TEST_ASSERT(script->done == script->nr, "done %u of %u", script->done,
		    script->nr);
	for (i = 0; i < script->nr; i++)
		check_op(g, i);
	script->nr = 0;
	script->done = 0;
	check_get_msrs(g);
	for (i = 0; i < NR_HOST_EFFECTS; i++)
		tally_add(&tallies[scenario].host[i], &g->host[i]);
	memset(g->host, 0, sizeof(g->host));
}

static void run(struct guest *g)
{
	TEST_ASSERT(!run_once(g), "unexpected stop");
	check_script(g);
}

/* The script's last op is a trip with TRIP_STOP. */
static void run_to_stop(struct guest *g)
{
	TEST_ASSERT(run_once(g), "no stop");
	check_get_msrs(g);
}

static void see(struct guest *g)
{
	add_see(g);
	run(g);
}

/* The last steps of each scenario: it goes on as ever. */
static void close_scenario(struct guest *g)
{
	add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	add_values(g);
	add_see(g);
	add_wrmsr(g, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	add_see(g);
	add_values(g);
	add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	add_see(g);
	run(g);
	see(g);
}

/* 32-bit code, GDT and IDT, and what a VM's vCPUs take turns by. */
static void fill_low_memory(struct kvm_vm *vm, struct kvm_vcpu *vcpu)
{
	struct kvm_sregs sregs;
	u64 *gdt = addr_gpa2hva(vm, LOW_GDT);
	u64 *idt = addr_gpa2hva(vm, LOW_IDT32);

	vcpu_sregs_get(vcpu, &sregs);
	memcpy(addr_gpa2hva(vm, LOW), trip_code, trip_code_end - trip_code);
	memcpy(addr_gpa2hva(vm, SIPI_GPA), trip_sipi, trip_sipi_end - trip_sipi);
	memcpy(gdt, addr_gva2hva(vm, sregs.gdt.base), CODE32_SEL);
	gdt[CODE32_SEL / 8] = CODE32_DESC;
	gdt[DATA32_SEL / 8] = DATA32_DESC;
	idt[UD_VECTOR] = trip_gate(trip_low(trip_ud32));
	idt[INTERRUPT_VECTOR] = trip_gate(trip_low(trip_timer32));
}

static void create_guests(struct guest *guests, int nr)
{
	struct kvm_vcpu *vcpus[MAX_VCPUS];
	struct kvm_sregs sregs;
	struct kvm_vm *vm;
	int i;

	if (nr == 1)
		vm = vm_create_with_one_vcpu(&vcpus[0], guest_code);
	else
		vm = vm_create_with_vcpus(nr, guest_code, vcpus);
	guests_init(vm, vcpus, nr);
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, LOW, LOW_SLOT,
				    LOW_PAGES, 0);
	virt_map(vm, LOW, LOW, LOW_PAGES);
	fill_low_memory(vm, vcpus[0]);
	vm_install_exception_handler(vm, UD_VECTOR, guest_ud);

	for (i = 0; i < nr; i++) {
		memset(&guests[i], 0, sizeof(guests[i]));
		guests[i].vm = vm;
		guests[i].vcpu = vcpus[i];
		guests[i].id = i;
		guests[i].script = addr_gpa2hva(vm, LOW_SCRIPTS +
						i * SCRIPT_PAGES * PAGE_BYTES);
		guests[i].syscall32 = is_kvm_amd();

		vcpu_sregs_get(vcpus[i], &sregs);
		sregs.gdt.base = LOW_GDT;
		sregs.gdt.limit = GDT_BYTES - 1;
		vcpu_sregs_set(vcpus[i], &sregs);
		vcpu_args_set(vcpus[i], 1, (u64)i);
		vcpu_get_shared_msrs(vcpus[i], guests[i].values);
	}
}

static void free_guests(struct guest *guests)
{
	kvm_vm_free(guests[0].vm);
}

/* To the first GUEST_SYNC, with values of its own and SYSCALL. */
static void start(struct guest *g)
{
	TEST_ASSERT(!run_once(g), "unexpected stop");
	set_values(g);
	set_msr(g, SHARED_EFER, GUEST_EFER);
	see(g);
}

/* --- Host: scenarios --- */

/* There and back: nothing changed there, changed there, changed by the host. */
static void run_trips(struct guest *g, u32 flags, u64 efer)
{
	add_see(g);
	add_trip(g, flags, efer, false);
	add_see(g);
	add_trip(g, flags, efer, true);
	add_see(g);
	add_trip(g, flags, efer, true);
	add_trip(g, flags, efer, false);
	add_see(g);
	run(g);

	add_see(g);
	add_trip(g, flags | TRIP_STOP, efer, true);
	run_to_stop(g);
	trip_ends(g);
	add_see(g);
	run(g);

	add_trip(g, flags | TRIP_STOP, efer, false);
	run_to_stop(g);
	set_values(g);
	check_get_msrs(g);
	trip_ends(g);
	add_see(g);
	run(g);
}

static void test_compat(struct guest *g)
{
	run_trips(g, 0, GUEST_EFER);

	/* SYSCALL is #UD for everyone. */
	add_wrmsr(g, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	add_trip(g, 0, 0, true);
	add_see(g);
	add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	add_trip(g, 0, 0, false);
	add_see(g);
	run(g);
	close_scenario(g);
}

/* Long mode left and entered with and without SCE before, inside and after. */
static void test_legacy(struct guest *g)
{
	struct trip *trip;
	int cpu = this_cpu;
	int i;

	run_trips(g, TRIP_LEGACY, GUEST_EFER);
	run_trips(g, TRIP_LEGACY, GUEST_EFER & ~EFER_SCE);
	close_scenario(g);

	for (i = 0; i < 8; i++) {
		add_wrmsr(g, SHARED_EFER,
			  i & 1 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE);
		trip = add_trip(g, TRIP_LEGACY | TRIP_STOP,
				i & 2 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE,
				true);
		/* CR0.PG alone, with EFER.LME left set; and the other SCE. */
		if (i & 4)
			trip->efer_inside |= EFER_LME;
		else
			trip->efer_inside ^= EFER_SCE;
		g->values[SHARED_EFER] = trip->efer_inside;
		run_to_stop(g);
		this_cpu = host_pin_next(this_cpu);
		trip_ends(g);
		add_see(g);
		run(g);
		see(g);
	}
	this_cpu = cpu;
	host_pin(this_cpu);
	close_scenario(g);
}

static void test_sce(struct guest *g)
{
	u64 clear = GUEST_EFER & ~EFER_SCE;
	int off, on;

	/* Each way to clear it with each way to set it. */
	for (off = 0; off < 3; off++) {
		for (on = 0; on < 3; on++) {
			if (off == 0)
				add_wrmsr(g, SHARED_EFER, clear);
			else if (off == 1)
				set_msr(g, SHARED_EFER, clear);
			else
				set_efer_by_sregs(g, clear);
			see(g);

			/* Not active yet. */
			set_values(g);
			if (on == 0) {
				add_see(g);
				add_wrmsr(g, SHARED_EFER, GUEST_EFER);
				add_see(g);
				run(g);
			} else if (on == 1) {
				set_msr(g, SHARED_EFER, GUEST_EFER);
			} else {
				set_efer_by_sregs(g, GUEST_EFER);
			}
			see(g);
		}
	}

	/* While loaded, without any trip to user mode. */
	add_see(g);
	add_wrmsr(g, SHARED_EFER, clear);
	add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	add_see(g);
	add_wrmsr(g, SHARED_EFER, clear);
	add_wrmsr(g, SHARED_EFER, clear & ~EFER_NX);
	add_see(g);
	add_wrmsr(g, SHARED_EFER, GUEST_EFER & ~EFER_NX);
	add_see(g);
	run(g);

	/* KVM_SET_MSRS sets the values before and after EFER. */
	set_msr(g, SHARED_EFER, clear);
	set_values(g);
	set_msr(g, SHARED_EFER, GUEST_EFER);
	set_values(g);
	see(g);
	close_scenario(g);
}

static void test_sregs(struct guest *g)
{
	struct kvm_sregs sregs, legacy;
	int i;

	vcpu_sregs_get(g->vcpu, &sregs);
	vcpu_sregs_set(g->vcpu, &sregs);
	see(g);
	for (i = 0; i < 3; i++)
		vcpu_sregs_set(g->vcpu, &sregs);
	set_values(g);
	vcpu_sregs_set(g->vcpu, &sregs);
	see(g);

	/* Out of long mode and back between two runs, and changed meanwhile. */
	for (i = 0; i < 4; i++) {
		vcpu_sregs_get(g->vcpu, &sregs);
		legacy = sregs;
		legacy.cr0 &= ~X86_CR0_PG;
		legacy.efer = i & 1 ? EFER_SCE : 0;
		legacy.cs.l = 0;
		legacy.cs.db = 1;
		if (i & 2)
			set_values(g);
		vcpu_sregs_set(g->vcpu, &legacy);
		check(POINT_GET_MSRS, "EFER", legacy.efer,
		      vcpu_get_msr(g->vcpu, MSR_EFER));
		if (!(i & 2))
			set_values(g);
		vcpu_sregs_set(g->vcpu, &sregs);
		see(g);
		vcpu_sregs_set(g->vcpu, &legacy);
		vcpu_sregs_set(g->vcpu, &sregs);
		see(g);
	}
	close_scenario(g);
}

/* --- CPUID --- */

static void set_features(struct guest *g, bool rdtscp, bool rdpid)
{
	guest_has.rdtscp = rdtscp;
	guest_has.rdpid = rdpid;
	/* Linux 5.10 lets only guests with RDTSCP access the MSR. */
	guest_has.msr[SHARED_TSC_AUX] = rdtscp;
	sync_global_to_guest(g->vm, guest_has);
}

static int try_tsc_aux_cpuid(struct guest *g, bool rdtscp, bool rdpid)
{
	struct kvm_cpuid_entry2 *leaf1 = vcpu_get_cpuid_entry(g->vcpu,
							      0x80000001);
	struct kvm_cpuid_entry2 *leaf7 = vcpu_get_cpuid_entry(g->vcpu, 7);

	leaf1->edx &= ~BIT(27);
	leaf7->ecx &= ~BIT(22);
	if (rdtscp)
		leaf1->edx |= BIT(27);
	if (rdpid)
		leaf7->ecx |= BIT(22);
	if (__vcpu_set_cpuid(g->vcpu))
		return -1;
	/* KVM enables RTM for whoever has it in CPUID. */
	if (guest_has.msr[SHARED_TSX_CTRL])
		set_msr(g, SHARED_TSX_CTRL, g->values[SHARED_TSX_CTRL]);
	return 0;
}

static void set_tsc_aux_cpuid(struct guest *g, bool rdtscp, bool rdpid)
{
	TEST_ASSERT(!try_tsc_aux_cpuid(g, rdtscp, rdpid),
		    "KVM_SET_CPUID2 failed, errno: %i", errno);
	set_features(g, rdtscp, rdpid);
}

/* KVM_SET_MSRS of TSC_AUX, which may be refused where CPUID does not have it. */
static void set_hidden_tsc_aux(struct guest *g)
{
	u64 value = guest_value(SHARED_TSC_AUX, ++tally_step);

	if (_vcpu_set_msr(g->vcpu, MSR_TSC_AUX, value) == 1)
		g->values[SHARED_TSC_AUX] = value;
}

static void add_try(struct guest *g)
{
	add(g, OP_TRY)->value = host_has_rdpid();
}

static void check_hidden_tsc_aux(struct guest *g)
{
	check(POINT_STATE, "TSC_AUX", g->values[SHARED_TSC_AUX],
	      vcpu_get_msr(g->vcpu, MSR_TSC_AUX));
}

/* A guest whose CPUID gets @rdtscp and @rdpid only when its EFER is set. */
static void test_cpuid_late(bool rdtscp, bool rdpid, bool ran, bool host_sets)
{
	struct guest g;

	create_guests(&g, 1);
	set_tsc_aux_cpuid(&g, false, false);
	/* EFER once more, so that TSC_AUX is found to be inactive. */
	set_values(&g);
	set_efer_by_sregs(&g, GUEST_EFER);
	g.values[SHARED_TSC_AUX] = 0;
	if (host_sets)
		set_hidden_tsc_aux(&g);
	check_hidden_tsc_aux(&g);

	if (ran) {
		run(&g);
		add_try(&g);
		add_see(&g);
		add_try(&g);
		run(&g);
		check_hidden_tsc_aux(&g);
	}

	/* From 5.16 on KVM does not let a vCPU that ran change. */
	if (!try_tsc_aux_cpuid(&g, rdtscp, rdpid))
		set_features(&g, rdtscp, rdpid);
	else
		TEST_ASSERT(ran, "KVM_SET_CPUID2 failed, errno: %i", errno);
	if (!ran)
		run(&g);

	if (!guest_has.rdtscp && !guest_has.rdpid) {
		add_try(&g);
		run(&g);
		check_hidden_tsc_aux(&g);
	} else {
		see(&g);
		add_wrmsr(&g, SHARED_TSC_AUX,
			  guest_value(SHARED_TSC_AUX, ++tally_step));
		add_see(&g);
		run(&g);
		/* And gone again. */
		if (!try_tsc_aux_cpuid(&g, false, false)) {
			set_features(&g, false, false);
			add_try(&g);
			add_see(&g);
			run(&g);
			check_hidden_tsc_aux(&g);
			set_hidden_tsc_aux(&g);
			set_tsc_aux_cpuid(&g, rdtscp, rdpid);
			see(&g);
		}
		close_scenario(&g);
	}
	free_guests(&g);
}

/*
 * 5.10 goes by RDTSCP alone: RDPID is #UD there, and emulated by KVM, which finds
 * no TSC_AUX and takes 0.  The host's is another one, unless this is CPU 0.
 */
static void test_rdpid_alone(void)
{
	struct op *op;
	struct guest g;

	create_guests(&g, 1);
	set_values(&g);
	set_efer_by_sregs(&g, GUEST_EFER);
	set_tsc_aux_cpuid(&g, false, true);
	run(&g);

	op = add(&g, OP_TRY_RDPID);
	TEST_ASSERT(!run_once(&g), "unexpected stop");
	if (op->vectors[TRY_RDPID] == UD_VECTOR) {
		ksft_print_msg("RDPID without RDTSCP is #UD\n");
	} else if (!op->results[TRY_RDPID]) {
		ksft_print_msg("RDPID without RDTSCP is 0\n");
	} else {
		check_script(&g);
		set_hidden_tsc_aux(&g);
		add_see(&g);
		run(&g);
	}
	free_guests(&g);
}

static void test_cpuid(bool rdtscp, bool rdpid)
{
	int i;

	for (i = 0; i < 4; i++) {
		test_cpuid_late(rdtscp, rdpid, i & 1, i & 2);
		if (rdtscp && rdpid)
			test_cpuid_late(true, false, i & 1, i & 2);
	}
	if (rdtscp && rdpid)
		test_rdpid_alone();

	/* As it was for the other guests. */
	guest_has.rdtscp = rdtscp;
	guest_has.rdpid = rdpid;
	guest_has.msr[SHARED_TSC_AUX] = true;
}

/* Intel CPUs have no SYSCALL in 32-bit code; KVM emulates it for such guests. */
static void test_amd(void)
{
	struct kvm_cpuid_entry2 *vendor;
	struct guest g;

	create_guests(&g, 1);
	vendor = vcpu_get_cpuid_entry(g.vcpu, 0);
	vendor->ebx = 0x68747541;
	vendor->edx = 0x69746e65;
	vendor->ecx = 0x444d4163;
	vcpu_set_cpuid(g.vcpu);
	g.syscall32 = true;

	start(&g);
	test_compat(&g);
	test_legacy(&g);
	free_guests(&g);
}

/* --- INIT --- */

/*
 * INIT clears EFER and leaves the other MSRs alone (Intel SDM volume 3, "IA-32
 * and Intel 64 Processor States Following Power-up, Reset, or INIT"; AMD APM
 * volume 2, "Processor Initialization State").  The CPU that gets it is in
 * 32-bit code, and goes on there after SIPI.
 */
static void test_init(void)
{
	struct guest guests[2], *boot = &guests[0], *ap = &guests[1];
	struct kvm_mp_state mp_state;
	struct kvm_sregs sregs;
	struct trip *trip;
	u64 efer;
	int i;

	create_guests(guests, 2);
	start(boot);
	start(ap);

	for (i = 0; i < 16; i++) {
		efer = i & 2 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE;
		trip = add_trip(ap, TRIP_STOP | (i & 1 ? TRIP_LEGACY : 0), efer,
				true);
		*(u32 *)(addr_gpa2hva(ap->vm, SIPI_GPA) +
			 (trip_sipi_trip - trip_sipi)) =
			LOW_SCRIPTS + SCRIPT_PAGES * PAGE_BYTES +
			((void *)trip - (void *)ap->script);
		run_to_stop(ap);
		vcpu_run_complete_io(ap->vcpu);
		check_host(ap);

		add(boot, OP_INIT)->value = ap->id;
		add_see(boot);
		run(boot);

		/* It comes here, or not before the next KVM_RUN. */
		ap->values[SHARED_EFER] = 0;
		if (i & 4) {
			vcpu_mp_state_get(ap->vcpu, &mp_state);
			check(POINT_STATE, "MP state", KVM_MP_STATE_RUNNABLE,
			      mp_state.mp_state);
			vcpu_sregs_get(ap->vcpu, &sregs);
			check(POINT_STATE, "CS base", SIPI_GPA, sregs.cs.base);
			check(POINT_STATE, "CR0.PE", 0,
			      sregs.cr0 & X86_CR0_PE);
			check_get_msrs(ap);
			if (i & 8)
				set_values(ap);
		}

		/* Out of long mode it is now, whatever it was. */
		trip->flags |= TRIP_LEGACY;
		trip->efer_after = efer;
		trip_ends(ap);
		add_see(ap);
		run(ap);
		see(ap);
		see(boot);
	}
	close_scenario(ap);
	close_scenario(boot);
	free_guests(guests);
}

/* --- A new VM --- */

struct state {
	struct kvm_regs regs;
	struct kvm_sregs sregs;
	struct kvm_fpu fpu;
	u64 msrs[NR_SHARED_MSRS];
};

static void save(struct guest *g, struct state *state)
{
	vcpu_regs_get(g->vcpu, &state->regs);
	vcpu_sregs_get(g->vcpu, &state->sregs);
	vcpu_fpu_get(g->vcpu, &state->fpu);
	vcpu_get_shared_msrs(g->vcpu, state->msrs);
}

static void restore_msrs(struct guest *g, const struct state *state)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		/* EFER.LMA is taken from the registers, which may come later. */
		if (guest_has.msr[i])
			TEST_ASSERT(_vcpu_set_msr(g->vcpu, shared_msrs[i].index,
						  state->msrs[i]) == 1,
				    "KVM_SET_MSRS fails on %s",
				    shared_msrs[i].name);
	}
}

/* With nothing but the memory of the old one. */
static void move_to_new_vm(struct guest *g, bool msrs_first)
{
	struct state state;

	save(g, &state);
	kvm_vm_release(g->vm);
	g->vcpu = vm_recreate_with_one_vcpu(g->vm);

	if (msrs_first)
		restore_msrs(g, &state);
	vcpu_sregs_set(g->vcpu, &state.sregs);
	if (!msrs_first)
		restore_msrs(g, &state);
	vcpu_fpu_set(g->vcpu, &state.fpu);
	vcpu_regs_set(g->vcpu, &state.regs);
	check_get_msrs(g);
}

static void test_restore(struct guest *g)
{
	struct kvm_vm *other = NULL;
	int cpu = this_cpu;
	u64 efer;
	int i;

	for (i = 0; i < 16; i++) {
		efer = i & 4 ? GUEST_EFER & ~EFER_SCE : GUEST_EFER;

		/* The last VM's end disables virtualization. */
		if (i & 8 && !other)
			other = vm_create_barebones();

		if (i & 2) {
			add_trip(g, TRIP_STOP | TRIP_LEGACY, efer, true);
			run_to_stop(g);
			vcpu_run_complete_io(g->vcpu);
			check_host(g);
		} else {
			add_wrmsr(g, SHARED_EFER, efer);
			add_values(g);
			see(g);
		}

		this_cpu = host_pin_next(this_cpu);
		move_to_new_vm(g, i & 1);
		if (i & 2)
			trip_ends(g);
		add_see(g);
		if (i & 2)
			add_trip(g, 0, 0, false);
		run(g);
		see(g);
	}
	this_cpu = cpu;
	host_pin(this_cpu);
	close_scenario(g);
	kvm_vm_free(other);
}

/* --- In turn --- */

#define NR_TURNS	6

static void *run_thread(void *arg)
{
	TEST_ASSERT(!run_once(arg), "unexpected stop");
	return NULL;
}

/*
 * Threads of one CPU, which switch without a return to user mode: a vCPU sleeps
 * in KVM until it is its turn.
 */
static void test_turns(void)
{
	struct guest guests[MAX_VCPUS];
	pthread_t threads[MAX_VCPUS];
	u32 *turn;
	int i, n;

	create_guests(guests, MAX_VCPUS);
	for (i = 0; i < MAX_VCPUS; i++)
		start(&guests[i]);

	turn = addr_gpa2hva(guests[0].vm, LOW_TURN);
	*turn = 0;
	set_msr(&guests[1], SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	for (n = 0; n < NR_TURNS; n++) {
		for (i = 0; i < MAX_VCPUS; i++) {
			if (i < 2) {
				add_see(&guests[i])->turn = true;
			} else {
				add_trip(&guests[i], TRIP_TURN |
					 (i == 3 ? TRIP_LEGACY : 0),
					 GUEST_EFER, n & 1);
				add_see(&guests[i]);
			}
			add_pass(&guests[i], (i + 1) % MAX_VCPUS);
		}
	}
	in_turn = true;
	for (i = 0; i < MAX_VCPUS; i++)
		TEST_ASSERT(!pthread_create(&threads[i], NULL, run_thread,
					    &guests[i]), "pthread_create failed");
	for (i = 0; i < MAX_VCPUS; i++)
		pthread_join(threads[i], NULL);
	in_turn = false;
	host_check_msrs(this_cpu, &guests[0].host[HOST_MSRS]);
	for (i = 0; i < MAX_VCPUS; i++)
		check_script(&guests[i]);

	close_scenario(&guests[1]);
	free_guests(guests);
}

/* --- Another CPU --- */

static int other_cpu;

/* There and back, whenever the main thread's vCPU waits for its turn. */
static void *move_thread(void *arg)
{
	static const struct timespec nap = { .tv_nsec = 1000000 };
	u32 *turn = arg;
	int i;

	/* Were it this_cpu, a return to user mode there would restore its MSRs. */
	host_pin(other_cpu);
	for (i = 0; i < 2; i++) {
		while (!READ_ONCE(*turn))
			clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
		host_pin_task(getpid(), i ? this_cpu : other_cpu);
		WRITE_ONCE(*turn, 0);
	}
	return NULL;
}

/*
 * A CPU may keep a vCPU's values while that is on another one, as long as nobody
 * returns to user mode there.  But if they, or which of them are active, are
 * changed meanwhile, they are not to be taken for the vCPU's when it comes back.
 */
static void test_moves(void)
{
	pthread_t thread;
	struct guest g;
	u32 *turn;
	int i, n;

	create_guests(&g, 1);
	start(&g);
	turn = addr_gpa2hva(g.vm, LOW_TURN);
	other_cpu = host_next_cpu(this_cpu);

	for (i = 0; i < 16; i++) {
		/*
		 * Until now it napped without a use of them, so KVM waited for
		 * one on each CPU anew. It no longer does once it has seen many.
		 */
		if (i == 8) {
			for (n = 0; n < 100; n++)
				see(&g);
		}

		if (i & 1)
			add_wrmsr(&g, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
		add_values(&g);
		/* It naps at least once, and is switched in with all of them. */
		add_see(&g)->turn = true;
		add_pass(&g, 1);

		add_see(&g)->turn = true;
		if (i & 1)
			add_wrmsr(&g, SHARED_EFER, GUEST_EFER);
		else
			add_values(&g);
		if (i & 2)
			add_see(&g);
		add_pass(&g, 1);

		add_see(&g)->turn = true;
		*turn = 0;
		TEST_ASSERT(!pthread_create(&thread, NULL, move_thread, turn),
			    "pthread_create failed");
		run(&g);
		pthread_join(thread, NULL);
	}
	close_scenario(&g);
	free_guests(&g);
}

/* --- All of it --- */

/* Why, or NULL. */
static const char *skipped(enum scenario s)
{
	if (s == IN_AMD && is_kvm_amd())
		return "the CPU is one of AMD's anyway";
	if (s == IN_CPUID && !guest_has.msr[SHARED_TSC_AUX])
		return "KVM offers no TSC_AUX";
	if (s == IN_MOVES && CPU_COUNT(&host_before.cpus) < 2)
		return "only one CPU";
	return NULL;
}

static void run_scenario(enum scenario s, struct guest *g)
{
	scenario = s;
	if (skipped(s))
		return;

	switch (s) {
	case IN_COMPAT:
		test_compat(g);
		break;
	case IN_LEGACY:
		test_legacy(g);
		break;
	case IN_AMD:
		test_amd();
		break;
	case IN_SCE:
		test_sce(g);
		break;
	case IN_SREGS:
		test_sregs(g);
		break;
	case IN_CPUID:
		test_cpuid(guest_has.rdtscp, guest_has.rdpid);
		break;
	case IN_INIT:
		test_init();
		break;
	case IN_RESTORE:
		test_restore(g);
		break;
	case IN_TURNS:
		test_turns();
		break;
	case IN_MOVES:
		test_moves();
		break;
	default:
		break;
	}
}

static unsigned int nr_points(enum scenario s)
{
	unsigned int nr = NR_EFFECTS + NR_HOST_EFFECTS;
	int i;

	if (skipped(s))
		return 1;
	for (i = 0; i < NR_POINTS; i++)
		nr += !!((POINTS_ALWAYS | scenarios[s].points) & BIT(i));
	return nr;
}

static void report(enum scenario s)
{
	const char *name = scenarios[s].name;
	int i;

	if (skipped(s)) {
		ksft_test_result_skip("%s: %s\n", name, skipped(s));
		return;
	}
	for (i = 0; i < NR_POINTS; i++) {
		if ((POINTS_ALWAYS | scenarios[s].points) & BIT(i))
			tally_report(&tallies[s].points[i], "%s: %s", name,
				     point_names[i]);
	}
	report_effects(name, tallies[s].guest, tallies[s].host);
}

int main(int argc, char *argv[])
{
	unsigned int plan = 0;
	struct guest guest;
	int i;

	shared_msrs_test_init();
	host_pin(host_last_cpu());
	this_cpu = host_last_cpu();
	create_guests(&guest, 1);
	for (i = 0; i < NR_SCENARIOS; i++)
		plan += nr_points(i);
	ksft_set_plan(plan);
	start(&guest);

	for (this_cpu = host_cpu_from(0); this_cpu < CPU_SETSIZE;
	     this_cpu = host_cpu_from(this_cpu + 1)) {
		host_pin(this_cpu);
		for (i = 0; i < NR_SCENARIOS; i++)
			run_scenario(i, &guest);
		ksft_print_msg("to step %lu on CPU %d\n", tally_step, this_cpu);
	}
	kvm_vm_free(guest.vm);

	for (i = 0; i < NR_SCENARIOS; i++)
		report(i);
	ksft_finished();
}
