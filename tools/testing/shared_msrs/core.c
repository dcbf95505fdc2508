// SPDX-License-Identifier: GPL-2.0-only
/* The core as it is; the Makefile says in which folder it lies. */
#include "include/kernel.h"

/* The instruction is the simulator's, the rest of that header is as it is. */
#define wrmsrns_safe unused_wrmsrns_safe
#include "shared_msrs_cpu.h"
#undef wrmsrns_safe
#define wrmsrns_safe(msr, value) sim_wrmsrns(msr, value)

#include "shared_msrs.c"

#include <assert.h>

#include "core.h"
#include "snapshot.h"

static_assert(KVM_NR_SHARED_MSRS < SIM_MSRS);

u64 core_current_value(int cpu, int slot)
{
	return per_cpu_ptr(shared_msrs, cpu)->values[slot].curr;
}

void core_normalize_cpus(void)
{
	int cpu;

	if (!sim.percpu_allocated)
		return;
	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		struct kvm_shared_msrs *smsrs = per_cpu_ptr(shared_msrs, cpu);

		/* It is never 0, so this is not to be hidden. */
		if (!~smsrs->foreign && smsrs->owner)
			smsrs->owner = ~0ull;
		if (!sim.cpu[cpu].owned)
			sim.cpu[cpu].owner = 0;
		if (smsrs->owner == ~0ull)
			smsrs->foreign = ~0ul;
		if (kvm_loaded_shared_msrs[cpu] &&
		    kvm_loaded_shared_msrs[cpu]->cpu != cpu)
			kvm_loaded_shared_msrs[cpu] = NULL;
	}
}

bool core_normalize_set(struct kvm_shared_msr_set *set)
{
	int cpu;

	for (cpu = 0; sim.percpu_allocated && cpu < SIM_CPUS; cpu++) {
		if (kvm_loaded_shared_msrs[cpu] == set)
			return true;
	}
	kvm_shared_msrs_changed(set);
	return false;
}

/* The per-CPU areas are the simulator's, the rest of the memory is this. */

void core_start(void)
{
	memset(&shared_msrs_global, 0, sizeof(shared_msrs_global));
	shared_msrs = NULL;
	memset(kvm_loaded_shared_msrs, 0, sizeof(kvm_loaded_shared_msrs));
	kvm_has_wrmsrns = false;
}

void core_snapshot(void)
{
	snapshot_add(&shared_msrs_global, sizeof(shared_msrs_global));
	snapshot_add(&shared_msrs, sizeof(shared_msrs));
	snapshot_add(kvm_loaded_shared_msrs, sizeof(kvm_loaded_shared_msrs));
	snapshot_add(&kvm_has_wrmsrns, sizeof(kvm_has_wrmsrns));
}
