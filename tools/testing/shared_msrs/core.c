// SPDX-License-Identifier: GPL-2.0-only
/* The core as it is; the Makefile says in which folder it lies. */
#include "shared_msrs.c"

#include <assert.h>
#include <string.h>

/* For rule 4, which is about the cache. */
u64 core_current_value(int cpu, int slot)
{
	struct kvm_shared_msrs *smsrs = per_cpu_ptr(shared_msrs, cpu);

	return smsrs->values[slot].curr;
}

/* Which set of values the CPU is taken to hold. */
u64 *core_generation(int cpu)
{
	return &per_cpu_ptr(shared_msrs, cpu)->generation;
}

/* The per-CPU areas are the machine's, the rest of the core's memory is this. */
static_assert(sizeof(shared_msrs_global) + sizeof(shared_msrs) <= CORE_STATE);
static_assert(KVM_NR_SHARED_MSRS < MACHINE_MSRS);

void core_save(char state[CORE_STATE])
{
	memcpy(state, &shared_msrs_global, sizeof(shared_msrs_global));
	memcpy(state + sizeof(shared_msrs_global), &shared_msrs,
	       sizeof(shared_msrs));
}

void core_restore(const char state[CORE_STATE])
{
	memcpy(&shared_msrs_global, state, sizeof(shared_msrs_global));
	memcpy(&shared_msrs, state + sizeof(shared_msrs_global),
	       sizeof(shared_msrs));
}
