// SPDX-License-Identifier: GPL-2.0-only
/* A guest that never stops using shared MSRs. */
#include "shared_msrs_worker.h"

/* SYSCALL lands here: guest_syscall()'s code, mapped once for each value. */
#define WORKER_LANDINGS	0xc0000000ULL

static struct worker guest_workers[WORKERS_PER_VM];

u32 next_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Two sets of landings for each worker; two places in each. */
static u64 worker_landing(u32 index, u32 n)
{
	u64 page = (uintptr_t)guest_landing_a & -PAGE_BYTES;
	u64 offset = (uintptr_t)(n & 2 ? guest_landing_b : guest_landing_a) - page;

	return WORKER_LANDINGS + (index * 2 + n % 2) * 2 * PAGE_BYTES + offset;
}

/* As shared_msr_value(), but no two workers have one in common. */
static void worker_values(u64 values[NR_SHARED_MSRS], u32 index, u32 n)
{
	u64 selector = 0x100 + (index * 64 + n % 64) * 0x20;

	guest_values(values, n);
	values[SHARED_STAR] = (selector + 0x13) << 48 | selector << 32 | n;
	values[SHARED_LSTAR] = worker_landing(index, n);
	values[SHARED_CSTAR] += index * 0x10000000ULL;
	/* No CPU of the host has such a number. */
	values[SHARED_TSC_AUX] = 0x80000000 | index << 24 | (n & 0xffffff);

	/* There are five bits to tell two values of 16 vCPUs apart. */
	values[SHARED_SYSCALL_MASK] = guest_syscall_mask(index * 2 + n % 2);
}

/* What only KVM can have answered to CPUID. */
static u32 worker_brand(u32 index)
{
	return 0x776f726b + index;
}

/* --- Guest --- */

static void worker_new_values(struct worker *w)
{
	u64 values[NR_SHARED_MSRS];

	worker_values(values, w->index, ++w->n);
	guest_wrmsr_all(values);
}

static void worker_see(struct worker *w, bool sce, bool tsc_aux_first)
{
	u64 values[NR_SHARED_MSRS];
	struct effects seen;

	worker_values(values, w->index, w->n);
	if (!sce)
		values[SHARED_EFER] &= ~EFER_SCE;
	guest_see(&seen, tsc_aux_first);
	check_effects(w->effects, values, &seen);
}

static void worker_exit(struct worker *w, u32 random)
{
	u32 eax, ebx, ecx, edx, exits = 1;

	switch (random % (w->user_exits ? 6 : 4)) {
	case 0:
		worker_new_values(w);
		break;
	case 1:
		wrmsr(MSR_EFER, GUEST_EFER & ~EFER_SCE);
		worker_see(w, false, random & 16);
		wrmsr(MSR_EFER, GUEST_EFER);
		exits = 2;
		break;
	case 2:
		cpuid(0x80000002, &eax, &ebx, &ecx, &edx);
		tally_check(&w->exit, "CPUID", worker_brand(w->index), eax);
		break;
	case 3:
		wrmsr(MSR_IA32_MC0_ADDR, random);
		tally_check(&w->exit, "MC0_ADDR", random,
			    rdmsr(MSR_IA32_MC0_ADDR));
		exits = 2;
		break;
	case 4:
		/* The host answers with the number of such exits. */
		tally_check(&w->exit, "PIO", ++w->nr_user_exits & 0xffff,
			    inw(WORKER_PORT));
		break;
	case 5:
		tally_check(&w->exit, "MMIO", ++w->nr_user_exits & 0xffff,
			    READ_ONCE(*(u16 *)WORKER_MMIO));
		break;
	}
	WRITE_ONCE(w->exits, w->exits + exits);
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

struct kvm_vm *worker_vm_create(u32 nr, struct kvm_vcpu *vcpus[],
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
