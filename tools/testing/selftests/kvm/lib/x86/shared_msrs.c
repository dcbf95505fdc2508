// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tests of shared MSRs have in common: test points, and the effects of
 * values in guests.
 */
#include "shared_msrs.h"

#include <sys/eventfd.h>

#define APICBASE_X2APIC		BIT_ULL(10)

/* The port of the library's ucalls, which no header of older kernels names. */
#define UCALL_PORT		0x1000

const struct shared_msr_info shared_msrs[NR_SHARED_MSRS] = {
	[SHARED_STAR]		= { MSR_STAR,		"STAR" },
	[SHARED_LSTAR]		= { MSR_LSTAR,		"LSTAR" },
	[SHARED_CSTAR]		= { MSR_CSTAR,		"CSTAR" },
	[SHARED_SYSCALL_MASK]	= { MSR_SYSCALL_MASK,	"SYSCALL_MASK" },
	[SHARED_EFER]		= { MSR_EFER,		"EFER" },
	[SHARED_TSC_AUX]	= { MSR_TSC_AUX,	"TSC_AUX" },
	[SHARED_TSX_CTRL]	= { MSR_IA32_TSX_CTRL,	"TSX_CTRL" },
};

const char * const effect_names[NR_EFFECTS] = {
	[EFFECT_STAR]		= "SYSCALL takes CS and SS from STAR",
	[EFFECT_LSTAR]		= "SYSCALL lands at LSTAR",
	[EFFECT_SYSCALL_MASK]	= "SYSCALL applies SYSCALL_MASK",
	[EFFECT_SYSCALL_REGS]	= "SYSCALL saves RIP and RFLAGS",
	[EFFECT_EFER_SCE]	= "SYSCALL is #UD with EFER.SCE clear",
	[EFFECT_RDTSCP]		= "RDTSCP returns TSC_AUX",
	[EFFECT_RDPID]		= "RDPID returns TSC_AUX",
	[EFFECT_TSX_CTRL]	= "TSX_CTRL disables RTM",
};

u64 tally_step;
struct guest_features guest_has;
u64 guest_interrupted_rip;

/* --- Test points --- */

void report_plan(unsigned int nr)
{
	ksft_set_plan(nr);
}

void report_point(bool ok, const char *format, ...)
{
	char name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	ksft_test_result(ok, "%s\n", name);
}

void report_end(void)
{
	ksft_finished();
}

bool tally_check(struct tally *tally, const char *what, u64 expected, u64 actual)
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

void tally_check_min(struct tally *tally, const char *what, u64 least, u64 actual)
{
	tally_check(tally, what, max(least, actual), actual);
}

void tally_check_max(struct tally *tally, const char *what, u64 most, u64 actual)
{
	tally_check(tally, what, min(most, actual), actual);
}

void tally_add(struct tally *sum, const struct tally *tally)
{
	struct tally first = sum->failures ? *sum : *tally;

	first.checks = sum->checks + tally->checks;
	first.failures = sum->failures + tally->failures;
	*sum = first;
}

void tallies_add(struct tally *sums, const struct tally *tallies, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		tally_add(&sums[i], &tallies[i]);
}

struct tally tallies_sum(const struct tally *tallies, int nr)
{
	struct tally sum = {};
	int i;

	for (i = 0; i < nr; i++)
		tally_add(&sum, &tallies[i]);
	return sum;
}

/* A point that was never checked has not passed. */
void tally_report_unless(const char *skip, const struct tally *tally,
			 const char *format, ...)
{
	char name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);

	if (skip) {
		ksft_test_result_skip("%s: %s\n", name, skip);
		return;
	}
	if (tally->failures)
		ksft_print_msg("%s: expected %#lx, actual %#lx, step %lu (%lu of %lu wrong)\n",
			       tally->what, tally->expected, tally->actual,
			       tally->step, tally->failures, tally->checks);
	else if (!tally->checks)
		ksft_print_msg("never checked\n");
	ksft_test_result(tally->checks && !tally->failures, "%s\n", name);
}

/* --- Guest --- */

/*
 * A fault shows what a landing would have, but for SS; and it sets RF. IRET could
 * not return where STAR's selectors came from, since it would have to reload them,
 * so leave by the other door.
 */
void guest_land(struct ex_regs *regs)
{
	struct landing *landing = (struct landing *)regs->rdi;

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
 * SYSCALL with EFER.SCE clear raises #UD; with a wrong LSTAR it lands where the
 * guest has no memory.
 */
void guest_fault(struct ex_regs *regs)
{
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
	guest_land(regs);
}

void guest_apic_init(void)
{
	wrmsr(MSR_IA32_APICBASE, rdmsr(MSR_IA32_APICBASE) | APICBASE_X2APIC);
	wrmsr(X2APIC_SPIV, 0x1ff);
	wrmsr(X2APIC_TDCR, 0xb);
	wrmsr(X2APIC_LVTT, INTERRUPT_VECTOR);
}

/* The handler of INTERRUPT_VECTOR. */
static void guest_interrupt(struct ex_regs *regs)
{
	/*
	 * Should it have come before the HLT, no other one would follow. QEMU's
	 * TCG loses the interrupt shadow with VMRUN.
	 */
	if (regs->rip == (uintptr_t)guest_hlt_insn)
		regs->rip = (uintptr_t)guest_halted;
	WRITE_ONCE(guest_interrupted_rip, regs->rip);
	wrmsr(X2APIC_EOI, 0);
}

u64 guest_nap(u32 ms)
{
	WRITE_ONCE(guest_interrupted_rip, 0);
	wrmsr(X2APIC_TMICT, ms * 1000000);
	guest_halt();
	return READ_ONCE(guest_interrupted_rip);
}

u64 guest_transactions(void)
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

u64 guest_syscall_mask(u32 bits)
{
	u64 mask = 0;
	int i;

	for (i = 0; i < 32; i++) {
		if (!(RFLAGS_MASKABLE & BIT_ULL(i)))
			continue;
		if (bits & 1)
			mask |= BIT_ULL(i);
		bits >>= 1;
	}
	return mask;
}

u64 shared_msr_value(enum shared_msr msr, u32 n)
{
	u64 selector = 0x100 + n % 64 * 0x20;

	switch (msr) {
	case SHARED_STAR:
		return (selector + 0x803) << 48 | selector << 32 | n;
	case SHARED_LSTAR:
		return (uintptr_t)(n & 1 ? guest_landing_b : guest_landing_a);
	case SHARED_CSTAR:
		return 0x7f0000000000ULL + n * 16;
	case SHARED_SYSCALL_MASK:
		return guest_syscall_mask(n * 37 + 0x5b);
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

void guest_values(u64 values[NR_SHARED_MSRS], u32 n)
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++)
		values[i] = shared_msr_value(i, n);
}

void guest_wrmsr_all(const u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			wrmsr(shared_msrs[i].index, values[i]);
	}
}

void guest_rdmsr_all(u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			values[i] = rdmsr(shared_msrs[i].index);
	}
}

void check_msrs(struct tally *tally, const u64 expected[NR_SHARED_MSRS],
		const u64 actual[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			tally_check(tally, shared_msrs[i].name, expected[i],
				    actual[i]);
	}
}

void guest_see_tsc_aux(struct effects *seen, bool rdpid_first)
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

void guest_see(struct effects *seen, bool tsc_aux_first)
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
static void check_syscall_regs(struct tally tallies[NR_EFFECTS],
			       const struct landing *landing)
{
	tally_check(&tallies[EFFECT_SYSCALL_REGS], "RCX",
		    (uintptr_t)guest_syscall_next, landing->rcx);
	tally_check(&tallies[EFFECT_SYSCALL_REGS], "R11", EFFECTS_RFLAGS,
		    landing->r11);
}

void check_other_effects(struct tally tallies[NR_EFFECTS],
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

void check_effects(struct tally tallies[NR_EFFECTS],
		   const u64 values[NR_SHARED_MSRS], const struct effects *seen)
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
 * Not CS and RFLAGS: in Bochs with more than one CPU, an interrupt that comes
 * right after a fault's delivery exits with the RIP from before. The fault is
 * then delivered twice, the second time with what the first made of them.
 */
void check_effects_unmapped(struct tally tallies[NR_EFFECTS],
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

const char *effect_skip(enum effect effect)
{
	if (effect == EFFECT_RDTSCP && !guest_has.rdtscp)
		return "KVM offers no RDTSCP";
	if (effect == EFFECT_RDPID && !guest_has.rdpid)
		return "KVM offers no RDPID";
	if (effect == EFFECT_TSX_CTRL && !guest_has.msr[SHARED_TSX_CTRL])
		return "KVM offers no TSX_CTRL";
	return NULL;
}

/* --- The host's access to guests --- */

void guests_init(struct kvm_vm *vm, struct kvm_vcpu *vcpus[], int nr)
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

void vm_add_fresh_pages(struct kvm_vm *vm, int nr)
{
	vm_userspace_mem_region_add(vm, VM_MEM_SRC_ANONYMOUS, FRESH_GPA,
				    FRESH_SLOT, nr, 0);
	virt_map(vm, FRESH_GPA, FRESH_GPA, nr);
}

void vm_drop_fresh_pages(struct kvm_vm *vm, int nr)
{
	TEST_ASSERT(!madvise(addr_gpa2hva(vm, FRESH_GPA), nr * PAGE_BYTES,
			     MADV_DONTNEED), "madvise failed, errno: %i", errno);
}

void vm_add_memory(struct kvm_vm *vm, u32 slot, u64 gpa, u64 size, void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	TEST_ASSERT(!__vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region),
		    "KVM_SET_USER_MEMORY_REGION failed, errno: %i", errno);
}

#define SMRAM_SLOT	12
#define SMRAM_BYTES	0x10000
#define SMI_ENTRY	0x8000
#define SMI_COUNT	(SMI_COUNT_GPA - SMRAM_GPA)
/* Slots of the memory that the CPU sees in SMM. */
#define SLOT_OF_SMM	BIT(16)

/* In real mode, with the CPU's own state saved: inc word [cs:0x9000]; rsm */
static const u8 smi_handler[] = { 0x2e, 0xff, 0x06, 0x00, 0x90, 0x0f, 0xaa };

const u16 *vm_add_smram(struct kvm_vm *vm, struct kvm_vcpu *vcpu)
{
	void *smram = mmap(NULL, SMRAM_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	TEST_ASSERT(smram != MAP_FAILED, "mmap of SMRAM failed, errno: %i",
		    errno);
	memcpy(smram + SMI_ENTRY, smi_handler, sizeof(smi_handler));
	vm_add_memory(vm, SMRAM_SLOT, SMRAM_GPA, SMRAM_BYTES, smram);
	vm_add_memory(vm, SLOT_OF_SMM | SMRAM_SLOT, SMRAM_GPA, SMRAM_BYTES, smram);
	vcpu_set_msr(vcpu, MSR_IA32_SMBASE, SMRAM_GPA);
	return smram + SMI_COUNT;
}

int vm_add_doorbell(struct kvm_vm *from, u16 port, struct kvm_vm *to, u32 gsi)
{
	struct kvm_irqfd irq = { .fd = eventfd(0, 0), .gsi = gsi };
	struct kvm_ioeventfd doorbell = {
		.addr = port,
		.len = 4,
		.fd = irq.fd,
		.flags = KVM_IOEVENTFD_FLAG_PIO,
	};

	TEST_ASSERT(doorbell.fd >= 0, "eventfd failed, errno: %i", errno);
	TEST_ASSERT(!__vm_ioctl(to, KVM_IRQFD, &irq),
		    "KVM_IRQFD failed, errno: %i", errno);
	TEST_ASSERT(!__vm_ioctl(from, KVM_IOEVENTFD, &doorbell),
		    "KVM_IOEVENTFD failed, errno: %i", errno);
	return doorbell.fd;
}

/* EFER.LMA is taken from the registers, which may come later. */
static bool restore_msrs(struct kvm_vcpu *vcpu, const u64 msrs[NR_SHARED_MSRS])
{
	bool ok = true;
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			ok &= _vcpu_set_msr(vcpu, shared_msrs[i].index, msrs[i]) == 1;
	}
	return ok;
}

static void hide_tsc_aux(struct kvm_vcpu *vcpu)
{
	if (guest_has.rdtscp)
		vcpu_clear_cpuid_feature(vcpu, X86_FEATURE_RDTSCP);
	if (guest_has.rdpid)
		vcpu_clear_cpuid_feature(vcpu, X86_FEATURE_RDPID);
}

/* Returns whether KVM has taken it. */
static bool restore(struct kvm_vcpu *vcpu, enum restored what,
		    struct kvm_sregs *sregs, const u64 msrs[NR_SHARED_MSRS])
{
	switch (what) {
	case RESTORED_CPUID:
		vcpu_init_cpuid(vcpu, kvm_get_supported_cpuid());
		/* KVM enables RTM for guests that have it in CPUID. */
		if (guest_has.msr[SHARED_TSX_CTRL])
			vcpu_set_msr(vcpu, MSR_IA32_TSX_CTRL, msrs[SHARED_TSX_CTRL]);
		return true;
	case RESTORED_SREGS:
		return !__vcpu_ioctl(vcpu, KVM_SET_SREGS, sregs);
	default:
		return restore_msrs(vcpu, msrs);
	}
}

struct kvm_vcpu *vcpu_move_to_new_vm(struct kvm_vm *vm, struct kvm_vcpu *vcpu,
				     const enum restored order[NR_RESTORED])
{
	static union {
		struct kvm_nested_state state;
		char bytes[16384];
	} nested;
	u64 msrs[NR_SHARED_MSRS];
	struct kvm_lapic_state lapic;
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	struct kvm_fpu fpu;
	u32 done = 0;
	int i;

	vcpu_regs_get(vcpu, &regs);
	vcpu_sregs_get(vcpu, &sregs);
	vcpu_fpu_get(vcpu, &fpu);
	vcpu_ioctl(vcpu, KVM_GET_LAPIC, &lapic);
	vcpu_get_shared_msrs(vcpu, msrs);
	nested.state.size = sizeof(nested);
	if (kvm_has_cap(KVM_CAP_NESTED_STATE))
		vcpu_nested_state_get(vcpu, &nested.state);
	kvm_vm_release(vm);
	vcpu = vm_recreate_with_one_vcpu(vm);

	hide_tsc_aux(vcpu);
	for (i = 0; i < 2 * NR_RESTORED; i++) {
		enum restored what = order[i % NR_RESTORED];

		if (!(done & BIT(what)) && restore(vcpu, what, &sregs, msrs))
			done |= BIT(what);
	}
	TEST_ASSERT(done == BIT(NR_RESTORED) - 1, "KVM refuses the state of a vCPU: %#x", done);
	vcpu_ioctl(vcpu, KVM_SET_LAPIC, &lapic);
	vcpu_fpu_set(vcpu, &fpu);
	vcpu_regs_set(vcpu, &regs);
	if (kvm_has_cap(KVM_CAP_NESTED_STATE))
		vcpu_nested_state_set(vcpu, &nested.state);
	return vcpu;
}

void vcpu_set_vendor(struct kvm_vcpu *vcpu, const char *vendor)
{
	struct kvm_cpuid_entry2 *entry = vcpu_get_cpuid_entry(vcpu, 0);

	memcpy(&entry->ebx, vendor, 4);
	memcpy(&entry->edx, vendor + 4, 4);
	memcpy(&entry->ecx, vendor + 8, 4);
	vcpu_set_cpuid(vcpu);
}

void vcpu_set_shared_msrs(struct kvm_vcpu *vcpu, const u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i] && i != SHARED_EFER)
			vcpu_set_msr(vcpu, shared_msrs[i].index, values[i]);
	}
}

void vcpu_get_shared_msrs(struct kvm_vcpu *vcpu, u64 values[NR_SHARED_MSRS])
{
	int i;

	for (i = 0; i < NR_SHARED_MSRS; i++) {
		if (guest_has.msr[i])
			values[i] = vcpu_get_msr(vcpu, shared_msrs[i].index);
	}
}

bool vcpu_access(struct kvm_vcpu *vcpu, struct access *access)
{
	struct kvm_run *run = vcpu->run;

	access->pio = run->exit_reason == KVM_EXIT_IO;
	if (access->pio) {
		access->write = run->io.direction == KVM_EXIT_IO_OUT;
		access->address = run->io.port;
		access->size = run->io.size;
		access->data = (void *)run + run->io.data_offset;
		return access->address != UCALL_PORT;
	}
	access->write = run->mmio.is_write;
	access->address = run->mmio.phys_addr;
	access->size = run->mmio.len;
	access->data = run->mmio.data;
	return run->exit_reason == KVM_EXIT_MMIO;
}

void vcpu_check_sync(struct kvm_vcpu *vcpu)
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
