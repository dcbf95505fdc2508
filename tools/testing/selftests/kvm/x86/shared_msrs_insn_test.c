// SPDX-License-Identifier: GPL-2.0-only
/*
 * SYSCALL, SYSRET, RDTSCP and RDPID with prefixes, and at the end of a page.
 *
 * With demand loading KVM reads an instruction that has raised #UD, to see whose
 * values it uses, and lets the guest execute it again. So each form of these
 * instructions is executed where the values may be waiting, and once more where
 * they are not: as the last bytes of a page whose successor is missing, across two
 * pages, and across two of which the second one is missing, which is the guest's own
 * #PF. All of that with EFER.SCE set and clear, and with either vendor's CPUID.
 */
#include "shared_msrs.h"

/* The same memory twice, the second time without the page that follows. */
#define WITH_NEXT	0xc0000000ULL
#define WITHOUT_NEXT	0xc0010000ULL
#define CODE_SLOT	10
/* The third page is the stack of exceptions in user mode. */
#define CODE_PAGES	3

/* Where SYSRET returns to: there is no memory. */
#define USER_RIP	0x12345000ULL

/* RSP0 of a 64-bit TSS */
#define TSS_RSP0	4

/* Round trips without a use, after which the values wait for one. */
#define NR_IDLE_TRIPS	3

enum insn {
	INSN_SYSCALL,
	INSN_SYSRET_64,
	INSN_SYSRET_32,
	INSN_TSC_AUX,
};

static const struct form {
	const char *name;
	enum insn insn;
	u32 nr;
	u8 bytes[15];
	bool invalid;
	bool rdpid;
	bool early_rex;		/* counts right before the opcode only */
} forms[] = {
	{ "SYSCALL", INSN_SYSCALL, 2, { 0x0f, 0x05 } },
	{ "REX.W SYSCALL", INSN_SYSCALL, 3, { 0x48, 0x0f, 0x05 } },
	{ "66 SYSCALL", INSN_SYSCALL, 3, { 0x66, 0x0f, 0x05 } },
	{ "F2 SYSCALL", INSN_SYSCALL, 3, { 0xf2, 0x0f, 0x05 } },
	{ "F3 SYSCALL", INSN_SYSCALL, 3, { 0xf3, 0x0f, 0x05 } },
	{ "FS: 67 REX.W SYSCALL", INSN_SYSCALL, 5, { 0x64, 0x67, 0x48, 0x0f, 0x05 } },
	{ "SYSCALL of 15 bytes", INSN_SYSCALL, 15,
	  { 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e,
	    0x2e, 0x0f, 0x05 } },
	{ "LOCK SYSCALL", INSN_SYSCALL, 3, { 0xf0, 0x0f, 0x05 }, true },
	{ "SYSRET", INSN_SYSRET_32, 2, { 0x0f, 0x07 } },
	{ "REX.W SYSRET", INSN_SYSRET_64, 3, { 0x48, 0x0f, 0x07 } },
	{ "66 F2 REX.W SYSRET", INSN_SYSRET_64, 5, { 0x66, 0xf2, 0x48, 0x0f, 0x07 } },
	{ "REX.W GS: SYSRET", INSN_SYSRET_32, 4, { 0x48, 0x65, 0x0f, 0x07 },
	  .early_rex = true },
	{ "LOCK REX.W SYSRET", INSN_SYSRET_64, 4, { 0xf0, 0x48, 0x0f, 0x07 }, true },
	{ "RDTSCP", INSN_TSC_AUX, 3, { 0x0f, 0x01, 0xf9 } },
	{ "SS: 67 REX.W RDTSCP", INSN_TSC_AUX, 6, { 0x36, 0x67, 0x48, 0x0f, 0x01, 0xf9 } },
	{ "RDPID %ecx", INSN_TSC_AUX, 4, { 0xf3, 0x0f, 0xc7, 0xf9 }, .rdpid = true },
	{ "DS: RDPID %rcx", INSN_TSC_AUX, 6, { 0x3e, 0xf3, 0x48, 0x0f, 0xc7, 0xf9 },
	  .rdpid = true },
};

#define NR_FORMS	ARRAY_SIZE(forms)

/* What is on the first page: all of it, all but the last byte, or the first byte. */
enum place {
	PLACE_END,
	PLACE_ACROSS_LAST,
	PLACE_ACROSS_FIRST,
	PLACE_CUT_LAST,
	PLACE_CUT_FIRST,
	NR_PLACES
};

static struct job {
	bool idle;
	u64 form;
	u64 place;
	u64 values[NR_SHARED_MSRS];
} job;

static struct tally results[NR_FORMS];

/* --- Guest --- */

static u64 code_address(const struct form *form)
{
	switch (job.place) {
	case PLACE_END:
		return WITHOUT_NEXT + PAGE_BYTES - form->nr;
	case PLACE_ACROSS_LAST:
		return WITH_NEXT + PAGE_BYTES - form->nr + 1;
	case PLACE_ACROSS_FIRST:
		return WITH_NEXT + PAGE_BYTES - 1;
	case PLACE_CUT_LAST:
		return WITHOUT_NEXT + PAGE_BYTES - form->nr + 1;
	default:
		return WITHOUT_NEXT + PAGE_BYTES - 1;
	}
}

/* The instruction, and JMP *%rbx. */
static void put_code(const struct form *form, u64 address)
{
	u8 *code = (u8 *)(WITH_NEXT + address % PAGE_BYTES);
	u32 i;

	for (i = 0; i < form->nr; i++)
		code[i] = form->bytes[i];
	code[i++] = 0xff;
	code[i] = 0xe3;
}

static void guest_exception(struct ex_regs *regs)
{
	if (regs->rip - WITH_NEXT < 2 * PAGE_BYTES ||
	    regs->rip - WITHOUT_NEXT < 2 * PAGE_BYTES || regs->rip == USER_RIP)
		guest_land(regs);
	guest_fault(regs);
}

static void check_landing(struct tally *tally, const struct form *form, u64 code,
			  const struct landing *landing)
{
	bool cut = job.place == PLACE_CUT_LAST || job.place == PLACE_CUT_FIRST;
	bool sce = job.values[SHARED_EFER] & EFER_SCE;
	u64 star = job.values[SHARED_STAR];
	u64 vector = NO_VECTOR, rip = code, cs = 0;

	if (cut) {
		vector = PF_VECTOR;
	} else if (form->invalid || (form->insn != INSN_TSC_AUX && !sce)) {
		vector = UD_VECTOR;
	} else if (form->insn == INSN_SYSCALL) {
		rip = job.values[SHARED_LSTAR];
		cs = star >> 32 & 0xfffc;
		tally_check(tally, "RCX", code + form->nr, landing->rcx);
		tally_check(tally, "R11", EFFECTS_RFLAGS, landing->r11);
		tally_check(tally, "RFLAGS", EFFECTS_RFLAGS &
			    ~job.values[SHARED_SYSCALL_MASK], landing->rflags);
	} else if (form->insn == INSN_TSC_AUX) {
		tally_check(tally, "TSC_AUX", job.values[SHARED_TSC_AUX],
			    landing->rcx);
		/* What comes next is on the page that is missing, or says so. */
		rip = code + form->nr;
		if (job.place == PLACE_END)
			vector = PF_VECTOR;
	} else {
		vector = PF_VECTOR;
		rip = USER_RIP;
		cs = (star >> 48) + (form->insn == INSN_SYSRET_64 ? 16 : 0);
		cs = (cs & 0xffff) | 3;
		tally_check(tally, "RFLAGS of user mode", EFFECTS_RFLAGS,
			    landing->rflags);
	}
	tally_check(tally, "exception vector", vector, landing->vector);
	if (vector != NO_VECTOR || form->insn != INSN_TSC_AUX)
		tally_check(tally, "RIP", rip, landing->rip);
	if (cs)
		tally_check(tally, "CS", cs, landing->cs);
}

static void guest_code(void)
{
	static struct landing landing;
	const struct form *form;
	u64 code;
	int i;

	for (;;) {
		form = &forms[job.form];
		code = code_address(form);
		for (i = 0; !job.idle && i < 2; i++) {
			put_code(form, code);
			guest_execute(&landing, EFFECTS_RFLAGS, code, USER_RIP);
			check_landing(&results[job.form], form, code, &landing);
		}
		GUEST_SYNC(0);
	}
}

/* --- Host --- */

static const char * const vendors[] = { "GenuineIntel", "AuthenticAMD" };

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static struct tally host[NR_HOST_EFFECTS];

static void trip(bool idle)
{
	job.idle = idle;
	sync_global_to_guest(vm, job);
	vcpu_run(vcpu);
	host_check(host);
	vcpu_check_sync(vcpu);
}

static void run_form(u64 form, bool sce)
{
	int i;

	job.form = form;
	for (job.place = 0; job.place < NR_PLACES; job.place++) {
		for (i = 0; i < NR_IDLE_TRIPS; i++)
			trip(true);
		guest_values(job.values, ++tally_step);
		if (!sce)
			job.values[SHARED_EFER] &= ~EFER_SCE;
		vcpu_set_shared_msrs(vcpu, job.values);
		vcpu_set_msr(vcpu, MSR_EFER, job.values[SHARED_EFER]);
		sync_global_to_guest(vm, tally_step);
		trip(false);
	}
}

static const char *skip(const struct form *form)
{
	if (form->early_rex && host_is_tcg())
		return "QEMU's TCG takes any REX prefix";
	if (form->insn != INSN_TSC_AUX)
		return NULL;
	return effect_skip(form->rdpid ? EFFECT_RDPID : EFFECT_RDTSCP);
}

static void create_guest(const char *vendor)
{
	struct kvm_sregs sregs;

	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	vcpu_set_vendor(vcpu, vendor);
	guests_init(vm, &vcpu, 1);
	vm_install_exception_handler(vm, UD_VECTOR, guest_exception);
	vm_install_exception_handler(vm, GP_VECTOR, guest_exception);
	vm_install_exception_handler(vm, PF_VECTOR, guest_exception);

	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, WITH_NEXT, CODE_SLOT,
				    CODE_PAGES, 0);
	virt_map(vm, WITH_NEXT, WITH_NEXT, CODE_PAGES);
	virt_map(vm, WITHOUT_NEXT, WITH_NEXT, 1);
	vcpu_sregs_get(vcpu, &sregs);
	*(u64 *)(addr_gva2hva(vm, sregs.tr.base) + TSS_RSP0) =
		WITH_NEXT + CODE_PAGES * PAGE_BYTES;
}

static void run_vendor(const char *vendor)
{
	u64 i;

	create_guest(vendor);
	memset(results, 0, sizeof(results));
	sync_global_to_guest(vm, results);
	for (i = 0; i < NR_FORMS; i++) {
		if (skip(&forms[i]))
			continue;
		run_form(i, true);
		run_form(i, false);
	}
	sync_global_from_guest(vm, results);
	kvm_vm_free(vm);
	for (i = 0; i < NR_FORMS; i++)
		tally_report_unless(skip(&forms[i]), &results[i], "%s: %s", vendor,
				    forms[i].name);
}

int main(int argc, char *argv[])
{
	int i;

	shared_msrs_test_init();
	report_plan(ARRAY_SIZE(vendors) * NR_FORMS + NR_HOST_EFFECTS);
	host_pin_last();
	for (i = 0; i < ARRAY_SIZE(vendors); i++)
		run_vendor(vendors[i]);
	host_check_msrs(host_last_cpu(), &host[HOST_MSRS]);
	report_effects("all forms", NULL, host);
	report_end();
}
