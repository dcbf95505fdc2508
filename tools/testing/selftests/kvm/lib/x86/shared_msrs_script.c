// SPDX-License-Identifier: GPL-2.0-only
/* Scenarios in which the state of vCPUs changes, for tests of shared MSRs. */
#include "shared_msrs_script.h"

/* A page of stack for each vCPU; their scripts come next. */
#define LOW_STACKS	0xc0004000
#define LOW_SLOT	10
#define LOW_PAGES	(8 + SCRIPT_PAGES * MAX_VCPUS)

/* In the x2APIC's ICR, both with "assert". */
#define ICR_INIT	0x4500
#define ICR_STARTUP	0x4600

/* A flat segment of 4 GB: D/B, present, writable or readable. */
#define CODE32_DESC	0x00cf9b000000ffffULL
#define DATA32_DESC	0x00cf93000000ffffULL

static_assert(sizeof(struct script) <= SCRIPT_PAGES * PAGE_BYTES, "script");

#define POINTS_ALWAYS	(BIT(POINT_RDMSR) | BIT(POINT_GET_MSRS))

static const char * const point_names[NR_POINTS] = {
	[POINT_RDMSR]		= "RDMSR agrees",
	[POINT_GET_MSRS]	= "KVM_GET_MSRS agrees",
	[POINT_MODE]		= "32-bit code runs in the right mode",
	[POINT_SYSCALL32]	= "SYSCALL of 32-bit code",
	[POINT_NO_TSC_AUX]	= "no TSC_AUX without RDTSCP and RDPID in CPUID",
	[POINT_STATE]		= "the state is the expected one",
	[POINT_HOST_GS]		= "user mode of the VMM keeps its GS",
};

int script_cpu;
bool script_in_turn;
const struct host_gs *script_gs;

/* The scenario that runs. */
static struct scenario *scenario;

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

/* SYSCALL in 32-bit code; guest_fault() handles the rest. */
static void guest_ud(struct ex_regs *regs)
{
	struct trip *trip = (struct trip *)regs->rdi;

	if (regs->cs == CODE32_SEL && regs->rip == trip_low(trip_sysret_insn)) {
		trip->sysret_uds++;
		regs->rip += 2;
		return;
	}
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
	case OP_TRY_RDTSCP:
		op->vectors[TRY_RDTSCP] =
			guest_try_rdtscp(&op->results[TRY_RDTSCP]);
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

/* --- Host: values --- */

void script_check_point(enum point point, const char *what, u64 expected, u64 actual)
{
	tally_check(&scenario->tallies[point], what, expected, actual);
}

/* With another landing for each mode; legacy mode uses STAR's lower half. */
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

void script_check_get_msrs(struct guest *g)
{
	u64 msrs[NR_SHARED_MSRS];

	vcpu_get_shared_msrs(g->vcpu, msrs);
	check_msrs(&scenario->tallies[POINT_GET_MSRS], g->values, msrs);
}

void script_set_msr(struct guest *g, enum shared_msr msr, u64 value)
{
	vcpu_set_msr(g->vcpu, shared_msrs[msr].index, value);
	g->values[msr] = value;
}

void script_set_values(struct guest *g)
{
	next_values(g->values);
	vcpu_set_shared_msrs(g->vcpu, g->values);
}

void script_set_efer_by_sregs(struct guest *g, u64 efer)
{
	struct kvm_sregs sregs;

	vcpu_sregs_get(g->vcpu, &sregs);
	sregs.efer = efer;
	vcpu_sregs_set(g->vcpu, &sregs);
	g->values[SHARED_EFER] = efer;
}

/* --- Host: a script is written --- */

/* The values at the last op have changed. */
static void expect_again(struct guest *g)
{
	memcpy(g->expected[g->script->nr - 1], g->values, sizeof(g->values));
}

struct op *script_add_op(struct guest *g, enum op_kind kind)
{
	struct op *op = &g->script->ops[g->script->nr];

	TEST_ASSERT(g->script->nr < MAX_OPS, "script too long");
	memset(op, 0, sizeof(*op));
	op->kind = kind;
	g->script->nr++;
	expect_again(g);
	return op;
}

void script_add_wrmsr(struct guest *g, enum shared_msr msr, u64 value)
{
	struct op *op;

	g->values[msr] = value;
	op = script_add_op(g, OP_WRMSR);
	op->msr = shared_msrs[msr].index;
	op->value = value;
}

void script_add_values(struct guest *g)
{
	int i;

	next_values(g->values);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			script_add_wrmsr(g, i, g->values[i]);
	}
}

struct op *script_add_see(struct guest *g)
{
	struct op *op = script_add_op(g, OP_SEE);

	op->tsc_aux_first = g->script->nr & 1;
	return op;
}

void script_add_pass(struct guest *g, u32 next)
{
	script_add_op(g, OP_PASS)->value = next;
}

struct trip *script_add_trip(struct guest *g, u32 flags, u64 efer, bool change)
{
	struct trip *trip;
	int i;

	if (change)
		next_values(g->values);
	if (flags & TRIP_LEGACY)
		g->values[SHARED_EFER] = efer & ~(EFER_LMA | EFER_LME);
	trip = &script_add_op(g, OP_TRIP)->trip;
	trip->flags = flags;
	if (guest_has.rdtscp)
		trip->flags |= TRIP_RDTSCP;
	if (guest_has.rdpid)
		trip->flags |= TRIP_RDPID;
	/* AMD's CPUs have it, and go to user mode. */
	if (!is_kvm_amd())
		trip->flags |= TRIP_SYSRET;
	trip->id = g->id;
	trip->efer_inside = g->values[SHARED_EFER];
	trip->efer_after = efer;
	for (i = 0; change && i < NR_SHARED_MSRS; i++) {
		if (!guest_has.msr[i] || i == SHARED_EFER)
			continue;
		trip->wrmsrs[trip->nr_wrmsrs].msr = shared_msrs[i].index;
		trip->wrmsrs[trip->nr_wrmsrs++].value = g->values[i];
	}
	/* As long as a TRIP_STOP lasts; then see script_trip_ends(). */
	if (!(flags & TRIP_STOP) && flags & TRIP_LEGACY)
		g->values[SHARED_EFER] = efer;
	return trip;
}

void script_trip_ends(struct guest *g)
{
	struct trip *trip = &g->script->ops[g->script->nr - 1].trip;

	expect_again(g);
	if (trip->flags & TRIP_LEGACY)
		g->values[SHARED_EFER] = trip->efer_after;
}

/* --- Host: what a guest saw --- */

static void check_syscall32(const struct trip *trip, const u64 *values)
{
	struct tally *tally = &scenario->tallies[POINT_SYSCALL32];
	u64 selector = values[SHARED_STAR] >> 32 & 0xfffc;
	bool legacy = trip->flags & TRIP_LEGACY;

	tally_check(tally, "exception vector", NO_VECTOR, trip->vector);
	tally_check(tally, legacy ? "EIP of STAR" : "RIP of CSTAR",
		    legacy ? (u32)values[SHARED_STAR] : values[SHARED_CSTAR],
		    trip->rip);
	tally_check(tally, "CS", selector, trip->cs);
	tally_check(tally, "SS", selector + 8, trip->ss);
	tally_check(tally, "RCX", trip_low(trip_syscall_next), trip->rcx);
	/* Legacy mode has no SYSCALL_MASK. */
	tally_check(tally, "RFLAGS", legacy ? TRIP_RFLAGS :
		    TRIP_RFLAGS & ~values[SHARED_SYSCALL_MASK], trip->rflags);
	if (!legacy)
		tally_check(tally, "R11", TRIP_RFLAGS, trip->r11);
}

static void check_trip(struct guest *g, const struct trip *trip,
		       const u64 *values)
{
	struct tally *mode = &scenario->tallies[POINT_MODE];
	struct tally *syscall32 = &scenario->tallies[POINT_SYSCALL32];
	struct tally *guest = scenario->guest;

	tally_check(mode, "EFER", values[SHARED_EFER], trip->efer);
	if (trip->flags & TRIP_SYSRET)
		tally_check(syscall32, "#UDs by SYSRET", 1, trip->sysret_uds);
	if (guest_has.rdtscp)
		tally_check(&guest[EFFECT_RDTSCP], "TSC_AUX in 32-bit code",
			    values[SHARED_TSC_AUX], trip->rdtscp);
	if (guest_has.rdpid)
		tally_check(&guest[EFFECT_RDPID], "TSC_AUX in 32-bit code",
			    values[SHARED_TSC_AUX], trip->rdpid);

	if (g->syscall32 && values[SHARED_EFER] & EFER_SCE) {
		check_syscall32(trip, values);
		return;
	}
	tally_check(syscall32, "exception vector", UD_VECTOR, trip->vector);
	tally_check(syscall32, "RIP", trip_low(trip_syscall_insn), trip->rip);
	tally_check(syscall32, "RFLAGS", TRIP_RFLAGS, trip->rflags);
	tally_check(mode, "CS", CODE32_SEL, trip->cs);
}

/*
 * Without RDTSCP and RDPID a guest must not see the host's TSC_AUX. VMX makes
 * them #UD; SVM may let RDTSCP run, and cannot intercept RDPID: then they return
 * the vCPU's value.
 */
static void check_try(const struct op *op, const u64 *values)
{
	struct tally *tally = &scenario->tallies[POINT_NO_TSC_AUX];
	int i;

	for (i = TRY_RDTSCP; i <= TRY_RDPID; i++) {
		const char *what = i == TRY_RDPID ? "RDPID" : "RDTSCP";

		if (i == TRY_RDPID && !op->value)
			continue;
		if (is_kvm_amd() && op->vectors[i] == NO_VECTOR)
			tally_check(tally, what, values[SHARED_TSC_AUX],
				    op->results[i]);
		else
			tally_check(tally, what, UD_VECTOR, op->vectors[i]);
	}
	tally_check(tally, "RDMSR", GP_VECTOR, op->vectors[TRY_RDMSR]);
	tally_check(tally, "WRMSR", GP_VECTOR, op->vectors[TRY_WRMSR]);
}

static void check_op(struct guest *g, int nr)
{
	const struct op *op = &g->script->ops[nr];
	const u64 *values = g->expected[nr];

	switch (op->kind) {
	case OP_SEE:
		check_effects(scenario->guest, values, &op->effects);
		check_msrs(&scenario->tallies[POINT_RDMSR], values, op->msrs);
		break;
	case OP_TRIP:
		check_trip(g, &op->trip, values);
		break;
	case OP_TRY:
		check_try(op, values);
		break;
	}
}

void script_check_host(struct guest *g)
{
	host_check(g->host);
	if (!script_in_turn)
		host_check_msrs(script_cpu, &g->host[HOST_MSRS]);
}

void script_check(struct guest *g)
{
	struct script *script = g->script;
	int i;

	TEST_ASSERT(script->done == script->nr, "done %u of %u", script->done,
		    script->nr);
	for (i = 0; i < script->nr; i++)
		check_op(g, i);
	script->nr = 0;
	script->done = 0;
	script_check_get_msrs(g);
	tallies_add(scenario->host, g->host, NR_HOST_EFFECTS);
	memset(g->host, 0, sizeof(g->host));
}

/* --- Host: a guest runs its script --- */

static void run_vcpu(struct guest *g)
{
	if (!script_gs)
		vcpu_run(g->vcpu);
	else
		TEST_ASSERT(!host_run_with_gs(g->vcpu, script_gs,
					      &scenario->tallies[POINT_HOST_GS]),
			    "KVM_RUN failed, errno: %i", errno);
}

bool script_run_once(struct guest *g)
{
	struct access access;

	run_vcpu(g);
	script_check_host(g);
	if (vcpu_access(g->vcpu, &access) && access.address == STOP_PORT)
		return true;

	vcpu_check_sync(g->vcpu);
	/* KVM_RUN completed the port access of the ucall. */
	script_check_host(g);
	return false;
}

void script_run(struct guest *g)
{
	TEST_ASSERT(!script_run_once(g), "unexpected stop");
	script_check(g);
}

void script_run_to_stop(struct guest *g)
{
	TEST_ASSERT(script_run_once(g), "no stop");
	script_check_get_msrs(g);
}

void script_run_see(struct guest *g)
{
	script_add_see(g);
	script_run(g);
}

void script_run_end(struct guest *g)
{
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	script_add_values(g);
	script_add_see(g);
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	script_add_see(g);
	script_add_values(g);
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	script_add_see(g);
	script_run(g);
	script_run_see(g);
}

/* --- Host: guests --- */

/* An interrupt gate for the code at LOW. */
static u64 gate32(u64 offset)
{
	return (offset & 0xffff0000) << 32 | 0x8eULL << 40 | CODE32_SEL << 16 |
		(offset & 0xffff);
}

/* 32-bit code, its GDT and IDT. */
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
	idt[UD_VECTOR] = gate32(trip_low(trip_ud32));
	idt[INTERRUPT_VECTOR] = gate32(trip_low(trip_timer32));
}

void script_create(struct guest *guests, int nr)
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

/* They have the memory at LOW in common. */
void script_create_vms(struct guest *guests, int nr)
{
	u64 size = LOW_PAGES * PAGE_BYTES;
	void *low = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	TEST_ASSERT(low != MAP_FAILED, "mmap failed, errno: %i", errno);
	for (i = 0; i < nr; i++) {
		void *own;

		script_create(&guests[i], 1);
		own = addr_gpa2hva(guests[i].vm, LOW);
		memcpy(low, own, size);
		TEST_ASSERT(mremap(low, 0, size, MREMAP_MAYMOVE | MREMAP_FIXED, own) == own,
			    "mremap failed, errno: %i", errno);
		guests[i].id = i;
		guests[i].script = own + (LOW_SCRIPTS - LOW) +
				   i * SCRIPT_PAGES * PAGE_BYTES;
		vcpu_args_set(guests[i].vcpu, 1, (u64)i);
	}
	munmap(low, size);
}

void script_free(struct guest *guests)
{
	kvm_vm_free(guests[0].vm);
}

void script_start_in_trip(struct guest *g, struct trip *trip)
{
	struct kvm_regs regs = {
		.rip = trip_low(trip_in),
		.rsp = LOW_STACKS + PAGE_BYTES,
		.rdi = LOW_SCRIPTS + ((void *)trip - (void *)g->script),
		.rflags = X86_EFLAGS_FIXED,
	};
	struct kvm_sregs sregs;

	vcpu_sregs_get(g->vcpu, &sregs);
	sregs.cr0 = X86_CR0_PE | X86_CR0_ET;
	sregs.efer = 0;
	sregs.ds.base = 0;
	sregs.ds.limit = 0xffffffff;
	sregs.ds.selector = DATA32_SEL;
	sregs.ds.type = 3;
	sregs.ds.present = 1;
	sregs.ds.s = 1;
	sregs.ds.db = 1;
	sregs.ds.g = 1;
	sregs.ds.unusable = 0;
	sregs.es = sregs.ds;
	sregs.ss = sregs.ds;
	sregs.cs = sregs.ds;
	sregs.cs.selector = CODE32_SEL;
	sregs.cs.type = 11;
	vcpu_sregs_set(g->vcpu, &sregs);
	vcpu_regs_set(g->vcpu, &regs);
	g->values[SHARED_EFER] = 0;
}

void script_start(struct guest *g)
{
	TEST_ASSERT(!script_run_once(g), "unexpected stop");
	script_set_values(g);
	script_set_msr(g, SHARED_EFER, GUEST_EFER);
	script_run_see(g);
}

/* --- Scenarios --- */

static const char *why_skip(const struct scenario *s)
{
	return s->skip ? s->skip() : NULL;
}

static unsigned int nr_points(const struct scenario *s)
{
	unsigned int nr = NR_EFFECTS + NR_HOST_EFFECTS;
	int i;

	if (why_skip(s))
		return 1;
	for (i = 0; i < NR_POINTS; i++)
		nr += !!((POINTS_ALWAYS | s->points) & BIT(i));
	return nr;
}

static void report(const struct scenario *s)
{
	int i;

	if (why_skip(s)) {
		tally_report_unless(why_skip(s), NULL, "%s", s->name);
		return;
	}
	for (i = 0; i < NR_POINTS; i++) {
		if ((POINTS_ALWAYS | s->points) & BIT(i))
			tally_report(&s->tallies[i], "%s: %s", s->name,
				     point_names[i]);
	}
	report_effects(s->name, s->guest, s->host);
}

void run_scenarios(struct scenario *scenarios, int nr)
{
	unsigned int plan = 0;
	struct guest guest;
	int i;

	shared_msrs_test_init();
	script_cpu = host_pin_last();
	script_create(&guest, 1);
	for (i = 0; i < nr; i++)
		plan += nr_points(&scenarios[i]);
	report_plan(plan);
	scenario = &scenarios[0];
	script_start(&guest);

	for_each_host_cpu(script_cpu) {
		host_pin(script_cpu);
		for (i = 0; i < nr; i++) {
			scenario = &scenarios[i];
			if (!why_skip(scenario))
				scenario->run(&guest);
		}
		ksft_print_msg("to step %lu on CPU %d\n", tally_step, script_cpu);
	}
	script_free(&guest);

	for (i = 0; i < nr; i++)
		report(&scenarios[i]);
	report_end();
}
