/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that never stops using shared MSRs: it changes them, causes exits at
 * random, and looks at the effect of the values after each. Every vCPU has
 * values that no other vCPU has.
 *
 * The guest judges by itself, so that it can go on without leaving KVM_RUN.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_WORKER_H
#define SELFTEST_KVM_SHARED_MSRS_WORKER_H

#include "shared_msrs.h"

#define MAX_WORKERS	16
#define WORKERS_PER_VM	2

#define WORKER_PORT	0x5000
#define WORKER_MMIO	0xd0000000ULL

/* One for each vCPU, in guest memory. A page of its own, as the host maps one. */
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

/* Never 0, if @state was not; the guest has no library to ask. */
u32 next_random(u32 *state);

/* A VM of @nr workers, the first of which has @first_index. */
struct kvm_vm *worker_vm_create(u32 nr, struct kvm_vcpu *vcpus[],
				struct worker *workers[], u32 first_index,
				u32 seed);

#endif /* SELFTEST_KVM_SHARED_MSRS_WORKER_H */
