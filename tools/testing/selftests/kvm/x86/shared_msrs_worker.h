/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that never stops using shared MSRs: it changes them, causes exits at
 * random, and looks at the effect of the values after each.  Every vCPU has
 * values that no other vCPU has.
 *
 * The guest judges by itself, so that it can go on without leaving KVM_RUN.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_WORKER_H
#define SELFTEST_KVM_SHARED_MSRS_WORKER_H

#include "shared_msrs.h"

#define MAX_WORKERS		16
#define WORKERS_PER_VM	2

#define WORKER_PORT		0x5000
#define WORKER_MMIO		0xd0000000ULL
/* Where SYSCALL lands: the code of shared_msrs.h, mapped once for each value. */
#define WORKER_LANDINGS	0xc0000000ULL

/* One for each vCPU, in guest memory.  In a page, as the host maps no more. */
struct worker {
	/* Written by the host. */
	u32 index;		/* among all vCPUs of the test */
	u32 random;
	bool user_exits;	/* PIO and MMIO, too */
	bool stop;
	/* Written by the guest. */
	u32 n;			/* of the values */
	u64 exits;		/* in all */
	u64 nr_user_exits;
	struct tally exit;
	struct tally effects[NR_EFFECTS];
} __aligned(4096);

static struct worker guest_workers[WORKERS_PER_VM];

/* --- Both --- */

/* Never 0, if @state was not; the guest has no library to ask. */
static inline u32 next_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Two sets of landings for each worker; two places in each. */
static inline u64 worker_landing(u32 index, u32 n)
{
	u64 page = (uintptr_t)guest_landing_a & -PAGE_BYTES;
	u64 offset = (uintptr_t)(n & 2 ? guest_landing_b : guest_landing_a) - page;

	return WORKER_LANDINGS + (index * 2 + n % 2) * 2 * PAGE_BYTES + offset;
}

/* As guest_value(), but no two workers have one in common. */
static inline void worker_values(u64 values[NR_SHARED_MSRS], u32 index, u32 n)
{
	u64 selector = 0x100 + (index * 64 + n % 64) * 0x20;
	u32 bits = index * 2 + n % 2;
	int i;

	guest_values(values, n);
	values[SHARED_STAR] = (selector + 0x13) << 48 | selector << 32 | n;
	values[SHARED_LSTAR] = worker_landing(index, n);
	values[SHARED_CSTAR] += index * 0x10000000ULL;
	/* No CPU of the host has such a number. */
	values[SHARED_TSC_AUX] = 0x80000000 | index << 24 | (n & 0xffffff);

	/* There are five bits to tell two values of 16 vCPUs apart. */
	values[SHARED_SYSCALL_MASK] = 0;
	for (i = 0; i < 32; i++) {
		if (!(RFLAGS_MASKABLE & BIT_ULL(i)))
			continue;
		if (bits & 1)
			values[SHARED_SYSCALL_MASK] |= BIT_ULL(i);
		bits >>= 1;
	}
}

/* What only KVM can have answered to CPUID. */
static inline u32 worker_brand(u32 index)
{
	return 0x776f726b + index;
}

/* --- Guest --- */

static inline void worker_wrmsr(struct worker *w, u32 msr, u64 value)
{
	wrmsr(msr, value);
	WRITE_ONCE(w->exits, w->exits + 1);
}

static inline void worker_new_values(struct worker *w)
{
	u64 values[NR_SHARED_MSRS];

	worker_values(values, w->index, ++w->n);
	guest_wrmsr_all(values);
	WRITE_ONCE(w->exits, w->exits + 1);
}

static inline void worker_see(struct worker *w, bool sce, bool tsc_aux_first)
{
	u64 values[NR_SHARED_MSRS];
	struct effects seen;

	worker_values(values, w->index, w->n);
	if (!sce)
		values[SHARED_EFER] &= ~EFER_SCE;
	guest_see(&seen, tsc_aux_first);
	check_effects(w->effects, values, &seen);
}

static inline void worker_exit(struct worker *w, u32 random)
{
	u32 eax, ebx, ecx, edx;

	switch (random % (w->user_exits ? 6 : 4)) {
	case 0:
		worker_new_values(w);
		break;
	case 1:
		worker_wrmsr(w, MSR_EFER, GUEST_EFER & ~EFER_SCE);
		worker_see(w, false, random & 16);
		worker_wrmsr(w, MSR_EFER, GUEST_EFER);
		break;
	case 2:
		cpuid(0x80000002, &eax, &ebx, &ecx, &edx);
		tally_check(&w->exit, "CPUID", worker_brand(w->index), eax);
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	case 3:
		worker_wrmsr(w, MSR_IA32_MC0_ADDR, random);
		tally_check(&w->exit, "MC0_ADDR", random,
			    rdmsr(MSR_IA32_MC0_ADDR));
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	case 4:
		/* The host answers with the number of such exits. */
		tally_check(&w->exit, "PIO", ++w->nr_user_exits & 0xffff,
			    inw(WORKER_PORT));
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	case 5:
		tally_check(&w->exit, "MMIO", ++w->nr_user_exits & 0xffff,
			    READ_ONCE(*(u16 *)WORKER_MMIO));
		WRITE_ONCE(w->exits, w->exits + 1);
		break;
	}
}

static void worker_guest_code(u32 i)
{
	struct worker *w = &guest_workers[i];
	u32 random;

	wrmsr(MSR_EFER, GUEST_EFER);
	for (;;) {
		worker_new_values(w);
		while (!READ_ONCE(w->stop)) {
			random = next_random(&w->random);
			worker_exit(w, random >> 8);
			worker_see(w, true, random & 1);
		}
		GUEST_SYNC(w->n);
	}
}

/* --- Host --- */

static struct kvm_vm *worker_vm_create(u32 nr, struct kvm_vcpu *vcpus[],
				       struct worker *workers[], u32 first_index,
				       u32 seed)
{
	u64 code = (uintptr_t)guest_landing_a & -PAGE_BYTES;
	struct kvm_vm *vm;
	u32 i, page;

	vm = vm_create_with_vcpus(nr, worker_guest_code, vcpus);
	guests_init(vm, vcpus, nr);
	virt_map(vm, WORKER_MMIO, WORKER_MMIO, 1);

	for (i = 0; i < nr; i++) {
		struct worker *w;

		vcpu_get_cpuid_entry(vcpus[i], 0x80000002)->eax =
			worker_brand(first_index + i);
		vcpu_set_cpuid(vcpus[i]);
		vcpu_args_set(vcpus[i], 1, i);

		w = addr_gva2hva(vm, (uintptr_t)&guest_workers[i]);
		memset(w, 0, sizeof(*w));
		w->index = first_index + i;
		w->random = seed + w->index * 0x9e3779b9;
		w->random += !w->random;
		workers[i] = w;

		/* The landing code may cross a page. */
		for (page = 0; page < 4; page++)
			virt_map(vm, WORKER_LANDINGS +
				 (w->index * 4 + page) * PAGE_BYTES,
				 addr_gva2gpa(vm, code + page % 2 * PAGE_BYTES),
				 1);
	}
	return vm;
}

#endif /* SELFTEST_KVM_SHARED_MSRS_WORKER_H */
