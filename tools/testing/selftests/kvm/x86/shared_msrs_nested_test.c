// SPDX-License-Identifier: GPL-2.0-only
/*
 * Under nested VMX, shared MSRs hold L1's values in L1 and L2's in L2, and the
 * host's whenever KVM_RUN has returned.
 *
 * L2's values come by the VM-entry MSR-load area and go by the VM-exit MSR-
 * store area, where the next VM-entry finds them, while L1's come back by the
 * VM-exit MSR-load area; or there are no areas, and L1 and L2 share values. EFER
 * is shared, or switched by the VMCS's controls, or by the areas.
 *
 * In each step L2 looks at the effects of its values, causes one kind of exit
 * and looks again; changes them by WRMSR and does the same; then toggles
 * EFER.SCE, changes them while that is so, and toggles it back. Whenever L2
 * exits to L1, L1 looks at the effects of its own values and changes them. No
 * value is ever used twice.
 *
 * All of that is done once more with a vCPU that idles: L1 goes to user mode and
 * back so often without using its values that they are no longer loaded when it
 * enters L2, and SYSCALL and RDTSCP wait for a #UD that the kernel handles
 * (demand loading). L2 does so, too, before it raises a #UD of its own for L1.
 *
 * Then VM-entries fail, in the midst of their MSR-load area or for L2's state,
 * and L1 finds its own values or, without a VM-exit MSR-load area, what was
 * loaded so far. Last comes a VM-exit that fails to load L1's values: the end
 * of L1, but not of the host.
 */
#include "shared_msrs.h"
#include "vmx.h"

#define MMIO_GPA	0xd0000000ULL
#define PIO_PORT	0x5000
#define IDLE_PORT	0x5004

/*
 * User round trips until values that are not used are not loaded either. No
 * step uses them often enough to be believed for longer.
 */
#define NR_IDLE_TRIPS	8

/* The library's vmx.h has no name for it. */
#define EXIT_REASON_MSR_LOAD_FAILED	34

/* VM_EXIT_INTR_INFO: valid, hardware exception. */
#define UD_INTR_INFO	(BIT(31) | 3 << 8 | UD_VECTOR)

enum level {
	L1,
	L2,
	NR_LEVELS
};

enum efer_switch {
	EFER_SHARED,
	EFER_BY_CONTROLS,
	EFER_BY_AREAS,
};

/* How L2 gets its values, and L1 its own back. */
static const struct setup {
	const char *name;
	bool areas;
	u32 efer;
	bool sce[NR_LEVELS];
} setups[] = {
	{ "MSRs by areas",
	  true, EFER_SHARED, { true, true } },
	{ "MSRs by areas, EFER by controls, SCE in L1",
	  true, EFER_BY_CONTROLS, { true, false } },
	{ "MSRs by areas, EFER by controls, SCE in L2",
	  true, EFER_BY_CONTROLS, { false, true } },
	{ "MSRs and EFER by areas, SCE in L1",
	  true, EFER_BY_AREAS, { true, false } },
	{ "MSRs and EFER by areas, SCE in L2",
	  true, EFER_BY_AREAS, { false, true } },
	{ "MSRs shared",
	  false, EFER_SHARED, { true, true } },
	{ "MSRs shared, EFER by controls, SCE in L1",
	  false, EFER_BY_CONTROLS, { true, false } },
	{ "MSRs shared, EFER by controls, SCE in L2",
	  false, EFER_BY_CONTROLS, { false, true } },
};

#define NR_SETUPS	ARRAY_SIZE(setups)

/* L2 causes its exit once in each phase of a step. */
enum phase {
	PHASE_ENTERED,		/* values as of VM-entry */
	PHASE_REWRITTEN,	/* changed by WRMSR while loaded */
	PHASE_TOGGLED,		/* the same values, EFER.SCE toggled */
	PHASE_TOGGLED_BACK,	/* changed, then EFER.SCE toggled back */
	NR_PHASES
};

enum exit_kind {
	/* L1 handles these, */
	EXIT_VMCALL,
	EXIT_CPUID,
	EXIT_L1_RDMSR,
	EXIT_L1_UD,
	EXIT_L1_WRMSR,
	/* L0 handles these in the kernel, */
	EXIT_L0_WRMSR,
	EXIT_FAULT,
	EXIT_HLT,
	EXIT_INTERRUPT,
	/* and these in user mode. */
	EXIT_PIO,
	EXIT_MMIO,
	EXIT_SET_MSRS,
	EXIT_NEW_VM,
	NR_EXITS,
	/* Not an exit: L2 may not use RDTSCP and RDPID. */
	NO_RDTSCP = NR_EXITS,
	/* None either: VM-entry fails, or VM-exit. */
	ENTRY_FAILS,
	ABORT,
	NR_KINDS
};

static const char * const kind_names[NR_KINDS] = {
	[EXIT_VMCALL]		= "VMCALL",
	[EXIT_CPUID]		= "CPUID",
	[EXIT_L1_RDMSR]		= "RDMSR intercepted by L1",
	[EXIT_L1_UD]		= "#UD intercepted by L1",
	[EXIT_L1_WRMSR]		= "WRMSR of the MSRs intercepted by L1",
	[EXIT_L0_WRMSR]		= "WRMSR of an emulated MSR",
	[EXIT_FAULT]		= "EPT fault",
	[EXIT_HLT]		= "HLT with a timer",
	[EXIT_INTERRUPT]	= "interrupt",
	[EXIT_PIO]		= "PIO",
	[EXIT_MMIO]		= "MMIO",
	[EXIT_SET_MSRS]		= "PIO with KVM_SET_MSRS",
	[EXIT_NEW_VM]		= "PIO, go on in a new VM",
	[NO_RDTSCP]		= "RDTSCP not enabled",
	[ENTRY_FAILS]		= "VM-entry fails",
	[ABORT]			= "VMX abort",
};

/* What a step shows besides the effects of the values. */
enum point {
	POINT_EXIT,
	POINT_RDMSR,
	POINT_STORE,
	NR_POINTS
};

static const char * const point_names[NR_POINTS] = {
	[POINT_EXIT]		= "exits go where they should",
	[POINT_RDMSR]		= "RDMSR agrees",
	[POINT_STORE]		= "L2's values are stored",
};

#define NON_CANONICAL	BIT_ULL(63)

/* Why VM-entry fails: at one entry of the MSR-load area, or for L2's state. */
static const struct failure {
	const char *name;
	bool bad_state;
	u32 msr;
	u32 index;		/* in place of the MSR's, or 0 */
	u32 reserved;
	u64 value;
} failures[] = {
	{ "reserved bits in STAR's entry",
	  .msr = SHARED_STAR, .reserved = 1 },
	{ "LSTAR is not canonical",
	  .msr = SHARED_LSTAR, .value = NON_CANONICAL },
	{ "CSTAR is not canonical",
	  .msr = SHARED_CSTAR, .value = NON_CANONICAL },
	{ "FS_BASE in place of SYSCALL_MASK",
	  .msr = SHARED_SYSCALL_MASK, .index = MSR_FS_BASE },
	{ "SYSCALL_MASK has more than 32 bits",
	  .msr = SHARED_SYSCALL_MASK, .value = BIT_ULL(32) },
	{ "TSC_AUX has more than 32 bits",
	  .msr = SHARED_TSC_AUX, .value = BIT_ULL(32) },
	{ "invalid guest state",
	  .bad_state = true },
};

#define NR_FAILURES	ARRAY_SIZE(failures)

/* Written by the host before a step. */
static struct step {
	u32 kind;
	u32 setup;
	u32 failure;
	bool exit_load;		/* there is a VM-exit MSR-load area */
	bool idle;		/* L1 idles before it enters L2 */
	u32 n;
} step;

/* Written by the guest in a step. */
static struct result {
	u32 n;
	struct tally points[NR_POINTS];
	struct tally effects[NR_LEVELS][NR_EFFECTS];
	struct tally no_rdtscp;
	struct tally no_rdpid;
} result;

/* A page of the guest; what VM-exit stores, the next VM-entry loads. */
struct areas {
	struct vmx_msr_entry l2[NR_SHARED_MSRS];
	struct vmx_msr_entry l1[NR_SHARED_MSRS];
};

static struct areas *areas;
static u64 areas_gpa;

/* --- Guest, both levels --- */

/* What L1 and L2 should have; both change it as they change the MSRs. */
static struct state {
	u32 n;
	bool sce;
} states[NR_LEVELS];

static u32 last_n;

static const struct setup *guest_setup;

static struct state *msrs_of(enum level level)
{
	return &states[guest_setup->areas ? level : L1];
}

static struct state *efer_of(enum level level)
{
	return &states[guest_setup->efer == EFER_SHARED ? L1 : level];
}

static void level_values(u64 values[NR_SHARED_MSRS], enum level level)
{
	guest_values(values, msrs_of(level)->n);
	if (!efer_of(level)->sce)
		values[SHARED_EFER] &= ~EFER_SCE;
}

static void check(enum point point, const char *what, u64 expected, u64 actual)
{
	tally_check(&result.points[point], what, expected, actual);
}

static void look_for(enum level level, const u64 values[NR_SHARED_MSRS])
{
	u64 msrs[NR_SHARED_MSRS];
	struct effects seen;

	/* Effects come first: RDMSR is an exit. */
	guest_see(&seen, last_n & 2);
	check_effects(result.effects[level], values, &seen);
	guest_rdmsr_all(msrs);
	check_msrs(&result.points[POINT_RDMSR], values, msrs);
}

static void look(enum level level)
{
	u64 values[NR_SHARED_MSRS];

	level_values(values, level);
	look_for(level, values);
}

static void change(enum level level)
{
	u64 values[NR_SHARED_MSRS];

	msrs_of(level)->n = ++last_n;
	guest_values(values, last_n);
	guest_wrmsr_all(values);
}

static void set_sce(enum level level, bool sce)
{
	efer_of(level)->sce = sce;
	wrmsr(MSR_EFER, sce ? GUEST_EFER : GUEST_EFER & ~EFER_SCE);
}

/* Tell EFER, as the host must find it, gates or not. */
static void idle(enum level level)
{
	u64 values[NR_SHARED_MSRS];
	int i;

	level_values(values, level);
	for (i = 0; i < NR_IDLE_TRIPS; i++)
		outl(IDLE_PORT, values[SHARED_EFER]);
}

/* --- Guest, L2 --- */

#define L2_STACK_BYTES	(4 * PAGE_BYTES)

static u8 l2_stack[L2_STACK_BYTES] __aligned(16);
static bool l2_started, l2_done;

/*
 * An instruction that makes L2 exit to L1. The library's VM-entry leaves none
 * of L2's registers but RSP.
 */
#define L2_EXIT(insn, msr, value)					\
do {									\
	u64 _value = value;						\
	u32 _ecx = msr, _eax = _value, _edx = _value >> 32;		\
									\
	/* Step over the red zone before pushing. */			\
	asm volatile("lea	-128(%%rsp), %%rsp\n\t"			\
		     "push	%%rbp\n\t"				\
		     insn "\n\t"					\
		     "pop	%%rbp\n\t"				\
		     "lea	128(%%rsp), %%rsp\n\t"			\
		     : "+c"(_ecx), "+a"(_eax), "+d"(_edx)		\
		     : : "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11",	\
			 "r12", "r13", "r14", "r15", "memory", "cc");	\
} while (0)

/* To be discarded by L1. */
static void l2_wrmsr_all(void)
{
	u64 values[NR_SHARED_MSRS];
	int i;

	guest_values(values, ++last_n);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			L2_EXIT("wrmsr", shared_msrs[i].index, values[i]);
	}
}

/* An L1 that intercepts #UD gets none of those that KVM itself has brought about. */
static void l2_look(void)
{
	if (step.kind != EXIT_L1_UD || efer_of(L2)->sce)
		look(L2);
}

/* Cause one exit. */
static void l2_exit(enum phase phase)
{
	u64 *fresh = (u64 *)(FRESH_GPA + phase * PAGE_BYTES);
	u32 *mmio = (u32 *)MMIO_GPA;

	switch (step.kind) {
	case EXIT_VMCALL:
		L2_EXIT("vmcall", 0, 0);
		break;
	case EXIT_CPUID:
		L2_EXIT("cpuid", 0, 0);
		break;
	case EXIT_L1_RDMSR:
		L2_EXIT("rdmsr", MSR_IA32_UCODE_REV, 0);
		break;
	case EXIT_L1_UD:
		idle(L2);
		l2_look();
		if (efer_of(L2)->sce)
			L2_EXIT("ud2", 0, 0);
		else
			L2_EXIT("syscall", 0, 0);
		break;
	case EXIT_L1_WRMSR:
		l2_wrmsr_all();
		break;
	case EXIT_L0_WRMSR:
		wrmsr(MSR_IA32_MC0_ADDR, magic(step.n, phase));
		check(POINT_EXIT, "MC0_ADDR", magic(step.n, phase),
		      rdmsr(MSR_IA32_MC0_ADDR));
		break;
	case EXIT_FAULT:
		/* The host dropped the page: what was written is gone. */
		check(POINT_EXIT, "dropped page", 0, READ_ONCE(*fresh));
		WRITE_ONCE(*fresh, magic(step.n, phase));
		break;
	case EXIT_HLT:
		check(POINT_EXIT, "interrupted RIP", (uintptr_t)guest_halted,
		      guest_nap(1));
		break;
	case EXIT_INTERRUPT:
		WRITE_ONCE(guest_interrupted_rip, 0);
		wrmsr(X2APIC_TMICT, 100000);
		while (!READ_ONCE(guest_interrupted_rip))
			asm volatile("sti; nop; nop; cli" : : : "memory");
		break;
	case EXIT_PIO:
	case EXIT_SET_MSRS:
	case EXIT_NEW_VM:
		if (step.kind == EXIT_SET_MSRS)
			msrs_of(L2)->n = ++last_n;
		outl(PIO_PORT, msrs_of(L2)->n);
		check(POINT_EXIT, "PIO data", msrs_of(L2)->n & 0xffff,
		      inw(PIO_PORT));
		break;
	case EXIT_MMIO:
		WRITE_ONCE(*mmio, magic(step.n, phase));
		check(POINT_EXIT, "MMIO data", magic(step.n, phase),
		      READ_ONCE(*mmio));
		break;
	}
}

static void l2_code(void)
{
	int phase;

	l2_started = true;
	l2_look();
	for (phase = 0; phase < NR_PHASES; phase++) {
		/* L1 intercepts that, and L2's registers would be lost. */
		if ((phase == PHASE_REWRITTEN || phase == PHASE_TOGGLED_BACK) &&
		    step.kind != EXIT_L1_WRMSR)
			change(L2);
		if ((phase == PHASE_TOGGLED || phase == PHASE_TOGGLED_BACK) &&
		    step.kind != EXIT_L1_WRMSR)
			set_sce(L2, !efer_of(L2)->sce);
		l2_exit(phase);
		l2_look();
	}
	l2_done = true;
	L2_EXIT("vmcall", 0, 0);
}

static void l2_no_rdtscp_code(void)
{
	u64 aux;

	if (guest_has.rdtscp)
		tally_check(&result.no_rdtscp, "exception vector", UD_VECTOR,
			    guest_try_rdtscp(&aux));
	if (guest_has.rdpid)
		tally_check(&result.no_rdpid, "exception vector", UD_VECTOR,
			    guest_try_rdpid(&aux));
	/* Values arrive and leave all the same. */
	change(L2);
	l2_done = true;
	L2_EXIT("vmcall", 0, 0);
}

/* --- Guest, L1 --- */

static bool l1_launched;

static u32 fill_area(struct vmx_msr_entry *area, enum level level)
{
	u64 values[NR_SHARED_MSRS];
	u32 count = 0;
	int i;

	if (!guest_setup->areas)
		return 0;

	level_values(values, level);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (!guest_has.msr[i] ||
		    (i == SHARED_EFER && guest_setup->efer != EFER_BY_AREAS))
			continue;
		area[count].index = shared_msrs[i].index;
		area[count].reserved = 0;
		area[count].value = values[i];
		count++;
	}
	return count;
}

/* Compare what VM-exit has stored with what L2 had. */
static void check_stored(void)
{
	u64 values[NR_SHARED_MSRS];
	struct vmx_msr_entry *entry = areas->l2;
	int i;

	level_values(values, L2);
	for (i = 0; guest_setup->areas && i < NR_SHARED_MSRS; i++) {
		if (!guest_has.msr[i] ||
		    (i == SHARED_EFER && guest_setup->efer != EFER_BY_AREAS))
			continue;
		check(POINT_STORE, "index", shared_msrs[i].index, entry->index);
		check(POINT_STORE, shared_msrs[i].name, values[i],
		      entry->value);
		entry++;
	}
	if (guest_setup->efer == EFER_BY_CONTROLS)
		check(POINT_STORE, "EFER of the VMCS", values[SHARED_EFER],
		      vmreadz(GUEST_IA32_EFER));
}

static void l1_intercept_msr(struct vmx_pages *vmx, u32 msr, bool write)
{
	u8 *bitmap = vmx->msr + (write ? 0x800 : 0) +
		     (msr & BIT(31) ? 0x400 : 0);

	bitmap[(msr & 0x1fff) / 8] |= 1 << msr % 8;
}

/* L1 intercepts what the step is about. */
static void l1_intercept(struct vmx_pages *vmx)
{
	u32 secondary = 0;
	int i;

	memset(vmx->msr, 0, PAGE_BYTES);
	if (step.kind == EXIT_L1_RDMSR)
		l1_intercept_msr(vmx, MSR_IA32_UCODE_REV, false);
	for (i = 0; step.kind == EXIT_L1_WRMSR && i < NR_SHARED_MSRS; i++)
		l1_intercept_msr(vmx, shared_msrs[i].index, true);
	if (step.kind == EXIT_L1_UD)
		vmwrite(EXCEPTION_BITMAP, BIT(UD_VECTOR));

	if (step.kind != NO_RDTSCP && (guest_has.rdtscp || guest_has.rdpid))
		secondary |= SECONDARY_EXEC_ENABLE_RDTSCP;
	vmwrite(SECONDARY_VM_EXEC_CONTROL, secondary);
	vmwrite(CPU_BASED_VM_EXEC_CONTROL,
		vmreadz(CPU_BASED_VM_EXEC_CONTROL) |
		CPU_BASED_ACTIVATE_SECONDARY_CONTROLS |
		CPU_BASED_USE_MSR_BITMAPS);
}

/* L2's values come and go by the areas, and its EFER by the controls. */
static void l1_set_switch(void)
{
	u64 l2_area = areas_gpa + offsetof(struct areas, l2), values[NR_SHARED_MSRS];
	u32 count = fill_area(areas->l2, L2);

	if (guest_setup->efer == EFER_BY_CONTROLS) {
		vmwrite(VM_ENTRY_CONTROLS, vmreadz(VM_ENTRY_CONTROLS) |
			VM_ENTRY_LOAD_IA32_EFER);
		vmwrite(VM_EXIT_CONTROLS, vmreadz(VM_EXIT_CONTROLS) |
			VM_EXIT_LOAD_IA32_EFER | VM_EXIT_SAVE_IA32_EFER);
	}
	level_values(values, L2);
	vmwrite(GUEST_IA32_EFER, values[SHARED_EFER]);

	vmwrite(VM_ENTRY_MSR_LOAD_ADDR, l2_area);
	vmwrite(VM_ENTRY_MSR_LOAD_COUNT, count);
	vmwrite(VM_EXIT_MSR_STORE_ADDR, l2_area);
	vmwrite(VM_EXIT_MSR_STORE_COUNT, count);
	vmwrite(VM_EXIT_MSR_LOAD_ADDR, areas_gpa + offsetof(struct areas, l1));
}

/* Make a VMCS for the step, and let L1 and L2 have values of their own. */
static void l1_prepare(struct vmx_pages *vmx, void *code)
{
	guest_setup = &setups[step.setup];
	set_sce(L1, guest_setup->sce[L1]);
	change(L1);
	if (guest_setup->areas)
		states[L2].n = ++last_n;
	states[L2].sce = guest_setup->sce[L2];

	l1_launched = false;
	l2_started = false;
	l2_done = false;
	GUEST_ASSERT(load_vmcs(vmx));
	prepare_vmcs(vmx, code, l2_stack + L2_STACK_BYTES - 8);
	l1_intercept(vmx);
	l1_set_switch();
}

/* Enter L2 and come back from it. */
static void l1_enter(void)
{
	u64 values[NR_SHARED_MSRS];
	u32 count;

	level_values(values, L1);
	vmwrite(HOST_IA32_EFER, values[SHARED_EFER]);
	count = fill_area(areas->l1, L1);
	vmwrite(VM_EXIT_MSR_LOAD_COUNT, step.exit_load ? count : 0);
	if (step.kind == ABORT)
		areas->l1[SHARED_LSTAR].value = NON_CANONICAL;
	if (step.idle)
		idle(L1);

	GUEST_ASSERT(!(l1_launched ? vmresume() : vmlaunch()));
	l1_launched = true;
}

/* L1 does not see the exits that are not named here. */
static u64 expected_reason(void)
{
	static const u64 reasons[] = {
		[EXIT_VMCALL]	= EXIT_REASON_VMCALL,
		[EXIT_CPUID]	= EXIT_REASON_CPUID,
		[EXIT_L1_RDMSR]	= EXIT_REASON_MSR_READ,
		[EXIT_L1_UD]	= EXIT_REASON_EXCEPTION_NMI,
		[EXIT_L1_WRMSR]	= EXIT_REASON_MSR_WRITE,
	};

	return step.kind < ARRAY_SIZE(reasons) ? reasons[step.kind] : ~0ULL;
}

static u32 expected_exits(void)
{
	u32 exits = 0;
	int i;

	if (step.kind > EXIT_L1_WRMSR)
		return 0;
	if (step.kind < EXIT_L1_WRMSR)
		return NR_PHASES;
	for (i = 0; i < NR_SHARED_MSRS; i++)
		exits += guest_has.msr[i] * NR_PHASES;
	return exits;
}

/* A VM-exit for #UD does not tell (Intel SDM volume 3, "VM-Exit Information"). */
static u64 l2_insn_bytes(void)
{
	return step.kind == EXIT_L1_UD ? 2 : vmreadz(VM_EXIT_INSTRUCTION_LEN);
}

/* SYSCALL without SCE, or UD2; anything else is none of L1's business. */
static bool check_ud(void)
{
	struct tally *syscall = &result.effects[L2][EFFECT_EFER_SCE];
	bool sce = efer_of(L2)->sce;
	const u8 *insn = (const u8 *)vmreadz(GUEST_RIP);

	check(POINT_EXIT, "exception", UD_INTR_INFO, vmreadz(VM_EXIT_INTR_INFO));
	return tally_check(sce ? &result.points[POINT_EXIT] : syscall,
			   "instruction that raised #UD", sce ? 0x0b0f : 0x050f,
			   insn[0] | insn[1] << 8);
}

static void l1_run_l2(struct vmx_pages *vmx, void *code)
{
	u32 exits = 0;
	u64 reason;

	l1_prepare(vmx, code);
	for (;;) {
		l1_enter();
		look(L1);
		reason = vmreadz(VM_EXIT_REASON);
		check_stored();
		if (l2_done)
			break;

		check(POINT_EXIT, "exit reason", expected_reason(), reason);
		if (reason != expected_reason())
			return;
		exits++;
		if (step.kind == EXIT_L1_UD && !check_ud())
			return;
		vmwrite(GUEST_RIP, vmreadz(GUEST_RIP) + l2_insn_bytes());
		change(L1);
	}
	check(POINT_EXIT, "exit reason", EXIT_REASON_VMCALL, reason);
	check(POINT_EXIT, "exits to L1", expected_exits(), exits);
}

static void l1_fail(struct vmx_pages *vmx)
{
	const struct failure *failure = &failures[step.failure];
	u64 values[NR_SHARED_MSRS], l2_values[NR_SHARED_MSRS];
	u64 reason = EXIT_REASON_INVALID_STATE, qualification = 0;
	struct vmx_msr_entry *entry = areas->l2;
	int i;

	l1_prepare(vmx, l2_code);
	level_values(values, L1);
	level_values(l2_values, L2);
	/* Should L2 run all the same, what is wrong could not be stored. */
	vmwrite(VM_EXIT_MSR_STORE_COUNT, 0);
	if (failure->bad_state) {
		/* Bit 1 must be set; KVM leaves it to the CPU to see that. */
		vmwrite(GUEST_RFLAGS, 0);
	} else {
		while (entry->index != shared_msrs[failure->msr].index)
			entry++;
		reason = EXIT_REASON_MSR_LOAD_FAILED;
		qualification = entry - areas->l2 + 1;
		if (failure->index)
			entry->index = failure->index;
		if (failure->reserved)
			entry->reserved = failure->reserved;
		if (failure->value)
			entry->value = failure->value;
	}

	l1_enter();

	/* What comes before the bad entry has been loaded. */
	for (i = 0; !step.exit_load && i < failure->msr; i++) {
		if (i != SHARED_EFER || guest_setup->efer == EFER_BY_AREAS)
			values[i] = l2_values[i];
	}
	look_for(L1, values);
	check(POINT_EXIT, "exit reason", reason | EXIT_REASON_FAILED_VMENTRY,
	      vmreadz(VM_EXIT_REASON));
	check(POINT_EXIT, "exit qualification", qualification,
	      vmreadz(EXIT_QUALIFICATION));
	check(POINT_EXIT, "L2 started", false, l2_started);
}

static void l1_code(struct vmx_pages *vmx)
{
	guest_apic_init();
	wrmsr(MSR_EFER, GUEST_EFER);
	GUEST_ASSERT(prepare_for_vmx_operation(vmx));

	for (;;) {
		GUEST_SYNC(step.n);

		if (step.kind == ENTRY_FAILS)
			l1_fail(vmx);
		else if (step.kind == NO_RDTSCP)
			l1_run_l2(vmx, l2_no_rdtscp_code);
		else
			l1_run_l2(vmx, l2_code);
		result.n = step.n;
	}
}

/* --- Host --- */

/* Judged by all the steps that touch them. */
static struct tallies {
	struct tally points[NR_POINTS];
	struct tally guest[NR_LEVELS][NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
} tallies[NR_KINDS];

static struct tally setup_tallies[NR_SETUPS];
static struct tally failure_tallies[NR_FAILURES][2];
static struct tally no_rdtscp, no_rdpid, get_msrs, get_efer;

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static int this_cpu;
static bool has_efer_controls;

/* Called whenever KVM_RUN has returned, on the CPU where it ran. */
static void check_host(void)
{
	struct tally *host = tallies[step.kind].host;

	host_check(host);
	host_check_msrs(this_cpu, &host[HOST_MSRS]);
}

/* L2 tells by PIO which values it has, or wants. */
static void access_msrs(u32 n)
{
	u64 values[NR_SHARED_MSRS];
	int i;

	guest_values(values, n);
	if (step.kind == EXIT_SET_MSRS)
		vcpu_set_shared_msrs(vcpu, values);
	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			tally_check(&get_msrs, shared_msrs[i].name, values[i],
				    vcpu_get_msr(vcpu, shared_msrs[i].index));
	}
}

/* Be it L1 or L2 that goes on there. */
static void move_to_new_vm(void)
{
	static const enum restored order[] = {
		RESTORED_CPUID, RESTORED_SREGS, RESTORED_MSRS,
	};
	struct kvm_sregs sregs;

	/* The port access, without a VM-entry. */
	vcpu_run_complete_io(vcpu);
	vcpu_sregs_get(vcpu, &sregs);
	tally_check(&get_efer, "EFER of KVM_GET_MSRS", sregs.efer,
		    vcpu_get_msr(vcpu, MSR_EFER));
	vcpu = vcpu_move_to_new_vm(vm, vcpu, order);
}

/* The guest has told its EFER, and goes on as if nothing had happened. */
static void handle_idle(u64 efer)
{
	static unsigned int trips;
	struct kvm_sregs sregs;

	vcpu_sregs_get(vcpu, &sregs);
	tally_check(&get_efer, "EFER of KVM_GET_SREGS", efer, sregs.efer);
	tally_check(&get_efer, "EFER of KVM_GET_MSRS", efer,
		    vcpu_get_msr(vcpu, MSR_EFER));
	if (++trips % NR_IDLE_TRIPS == 0 && step.kind == EXIT_NEW_VM)
		move_to_new_vm();
}

/* A PIO or MMIO of L2: what it writes, it reads back. */
static void handle_access(const struct access *access, unsigned int number)
{
	struct tally *exits = &tallies[step.kind].points[POINT_EXIT];
	static u32 value;

	tally_check(exits, "direction", !(number % 2), access->write);
	if (!access->write) {
		memcpy(access->data, &value, access->size);
		return;
	}
	memcpy(&value, access->data, sizeof(value));
	if (!access->pio)
		return;
	access_msrs(value);
	check_host();
	if (step.kind == EXIT_NEW_VM)
		move_to_new_vm();
}

/*
 * Run the guest to its next GUEST_SYNC, checking the host after every KVM_RUN
 * and, if it shall migrate, moving to the next CPU then: L2 is active.
 */
static void run_to_sync(bool migrate)
{
	struct tally *exits = &tallies[step.kind].points[POINT_EXIT];
	unsigned int accesses = 0;
	struct access access;

	for (;;) {
		vcpu_run(vcpu);
		check_host();
		if (migrate)
			this_cpu = host_pin_next(this_cpu);

		if (!vcpu_access(vcpu, &access))
			break;
		if (access.pio && access.address == IDLE_PORT)
			handle_idle(*(u32 *)access.data);
		else
			handle_access(&access, accesses++);
	}

	if (step.kind == ABORT) {
		tally_check(exits, "exit reason", KVM_EXIT_SHUTDOWN,
			    vcpu->run->exit_reason);
		return;
	}
	vcpu_check_sync(vcpu);
	/* KVM_RUN completed the port access of the ucall. */
	check_host();

	/* Before the first step there is none. */
	if (step.n && step.kind >= EXIT_PIO && step.kind < NR_EXITS)
		tally_check(exits, "exits to user mode", 2 * NR_PHASES,
			    accesses);
}

/* Add what the guest found to the point of its kind, and to @sum. */
static void add_result(struct tally *sum)
{
	struct tallies *kind = &tallies[step.kind];
	struct tally points = tallies_sum(result.points, NR_POINTS), effects;
	int level;

	tallies_add(kind->points, result.points, NR_POINTS);
	tally_add(sum, &points);
	for (level = 0; level < NR_LEVELS; level++) {
		effects = tallies_sum(result.effects[level], NR_EFFECTS);
		tallies_add(kind->guest[level], result.effects[level], NR_EFFECTS);
		tally_add(sum, &effects);
	}
	tally_add(&no_rdtscp, &result.no_rdtscp);
	tally_add(&no_rdpid, &result.no_rdpid);
}

static void run_step(bool migrate, struct tally *sum)
{
	step.n++;
	tally_step = step.n;
	sync_global_to_guest(vm, step);
	sync_global_to_guest(vm, tally_step);
	memset(&result, 0, sizeof(result));
	sync_global_to_guest(vm, result);
	vm_drop_fresh_pages(vm, NR_PHASES);
	run_to_sync(migrate);
	if (step.kind == ABORT)
		return;

	sync_global_from_guest(vm, result);
	tally_check(&tallies[step.kind].points[POINT_EXIT],
		    "step done by the guest", step.n, result.n);
	add_result(sum);
}

static const char *setup_skip(int setup)
{
	if (setups[setup].efer == EFER_BY_CONTROLS && !has_efer_controls)
		return "KVM offers no \"load IA32_EFER\" controls";
	return NULL;
}

static void run_failures(bool migrate)
{
	step.kind = ENTRY_FAILS;
	for (step.failure = 0; step.failure < NR_FAILURES; step.failure++) {
		const struct failure *failure = &failures[step.failure];
		struct tally *sums = failure_tallies[step.failure];

		if (!guest_has.msr[failure->msr])
			continue;
		step.exit_load = true;
		run_step(migrate, &sums[true]);
		/* KVM loads the MSRs before it lets the CPU check the state. */
		if (failure->bad_state)
			continue;
		step.exit_load = false;
		run_step(migrate, &sums[false]);
	}
	step.exit_load = true;
}

static void run_all_steps(bool migrate)
{
	for (step.setup = 0; step.setup < NR_SETUPS; step.setup++) {
		if (setup_skip(step.setup))
			continue;
		for (step.kind = 0; step.kind < NR_EXITS; step.kind++)
			run_step(migrate, &setup_tallies[step.setup]);
		step.kind = NO_RDTSCP;
		run_step(migrate, &setup_tallies[step.setup]);
		if (setups[step.setup].areas)
			run_failures(migrate);
	}
}

static void run_both(bool migrate)
{
	step.idle = false;
	run_all_steps(migrate);
	step.idle = true;
	run_all_steps(migrate);
}

static void create_guest(void)
{
	vm_vaddr_t vmx_gva, areas_gva;
	u32 entry_controls, exit_controls;

	vm = vm_create_with_one_vcpu(&vcpu, l1_code);
	guests_init(vm, &vcpu, 1);

	vm_add_fresh_pages(vm, NR_PHASES);
	virt_map(vm, MMIO_GPA, MMIO_GPA, 1);

	vcpu_alloc_vmx(vm, &vmx_gva);
	vcpu_args_set(vcpu, 1, vmx_gva);

	areas_gva = vm_vaddr_alloc_page(vm);
	areas = (void *)areas_gva;
	areas_gpa = addr_gva2gpa(vm, areas_gva);
	sync_global_to_guest(vm, areas);
	sync_global_to_guest(vm, areas_gpa);

	entry_controls = vcpu_get_msr(vcpu, MSR_IA32_VMX_ENTRY_CTLS) >> 32;
	exit_controls = vcpu_get_msr(vcpu, MSR_IA32_VMX_EXIT_CTLS) >> 32;
	has_efer_controls = entry_controls & VM_ENTRY_LOAD_IA32_EFER &&
			    exit_controls & VM_EXIT_LOAD_IA32_EFER &&
			    exit_controls & VM_EXIT_SAVE_IA32_EFER;
}

static void report_points(enum exit_kind kind, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		tally_report(&tallies[kind].points[i], "%s: %s",
			     kind_names[kind], point_names[i]);
}

static void report_level(enum exit_kind kind, enum level level)
{
	char name[64];

	snprintf(name, sizeof(name), "%s, L%d", kind_names[kind], level + 1);
	report_effects(name, tallies[kind].guest[level], NULL);
}

static void report_failures(void)
{
	int i, exit_load;

	for (i = 0; i < NR_FAILURES; i++) {
		const struct failure *failure = &failures[i];
		const char *skip = guest_has.msr[failure->msr] ?
				   NULL : "KVM offers no such MSR";

		for (exit_load = failure->bad_state; exit_load < 2; exit_load++)
			tally_report_unless(skip, &failure_tallies[i][exit_load],
					    "VM-entry fails, L1's MSRs %s: %s",
					    exit_load ? "loaded" : "not loaded",
					    failure->name);
	}
}

static void report(void)
{
	int kind, i;

	for (kind = 0; kind < NR_EXITS; kind++) {
		report_points(kind, NR_POINTS);
		report_level(kind, L1);
		report_level(kind, L2);
		report_effects(kind_names[kind], NULL, tallies[kind].host);
	}
	tally_report(&get_msrs, "KVM_GET_MSRS agrees while L2 is active");
	tally_report(&get_efer,
		     "KVM_GET_SREGS and KVM_GET_MSRS agree with an idle guest's EFER");

	/* L2 does not look there. */
	report_points(NO_RDTSCP, NR_POINTS);
	tally_report_unless(effect_skip(EFFECT_RDTSCP), &no_rdtscp,
			    "RDTSCP in L2 is #UD");
	tally_report_unless(effect_skip(EFFECT_RDPID), &no_rdpid,
			    "RDPID in L2 is #UD");
	report_level(NO_RDTSCP, L1);
	report_effects(kind_names[NO_RDTSCP], NULL, tallies[NO_RDTSCP].host);

	/* Nothing is stored. */
	report_points(ENTRY_FAILS, POINT_STORE);
	report_level(ENTRY_FAILS, L1);
	report_effects(kind_names[ENTRY_FAILS], NULL,
		       tallies[ENTRY_FAILS].host);
	report_failures();

	report_points(ABORT, POINT_EXIT + 1);
	report_effects(kind_names[ABORT], NULL, tallies[ABORT].host);

	for (i = 0; i < NR_SETUPS; i++)
		tally_report_unless(setup_skip(i), &setup_tallies[i], "%s",
				    setups[i].name);
}

int main(int argc, char *argv[])
{
	const char *skip;

	shared_msrs_test_init();
	skip = nested_vmx_skip();
	if (skip)
		ksft_exit_skip("%s\n", skip);

	create_guest();
	report_plan(NR_EXITS * (NR_POINTS + NR_LEVELS * NR_EFFECTS +
				NR_HOST_EFFECTS) + 2 +
		    NR_POINTS + 2 + NR_EFFECTS + NR_HOST_EFFECTS +
		    POINT_STORE + NR_EFFECTS + NR_HOST_EFFECTS +
		    2 * NR_FAILURES - 1 +
		    1 + NR_HOST_EFFECTS + NR_SETUPS);

	/* To the first GUEST_SYNC: the guest awaits its first step. */
	step.exit_load = true;
	this_cpu = host_pin_next(this_cpu);
	run_to_sync(false);

	this_cpu = host_pin_last();
	run_both(false);
	ksft_print_msg("to step %u on CPU %d\n", step.n, this_cpu);
	if (host_nr_cpus() > 1) {
		run_both(true);
		ksft_print_msg("to step %u on all CPUs in turn\n", step.n);
	}

	step.setup = 0;
	step.kind = ABORT;
	run_step(false, NULL);

	report();
	kvm_vm_free(vm);
	report_end();
}
