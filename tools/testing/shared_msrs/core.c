// SPDX-License-Identifier: GPL-2.0-only
/* The core as it is; the Makefile says in which folder it lies. */
#include "include/kernel.h"

/* Stand-ins for that header, as there is no CPU here that has these. */
#define ARCH_X86_KVM_SHARED_MSRS_INSNS_H

static bool cpu_has_wrmsrns(void)
{
	return machine_insns & HAS_WRMSRNS;
}

static bool cpu_has_wrmsrlist(void)
{
	return machine_insns & HAS_WRMSRLIST;
}

static bool cpu_runs_fred(void)
{
	return machine_insns & RUNS_FRED;
}

static int wrmsrns_safe(u32 msr, u64 value)
{
	return machine_wrmsrns(msr, value);
}

static u64 wrmsrlist(const u64 *msrs, const u64 *values, u64 entries)
{
	for (; entries; entries &= entries - 1) {
		unsigned int entry = __builtin_ctzll(entries);

		if (machine_wrmsrns(msrs[entry], values[entry]))
			break;
	}
	return entries;
}

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
struct core_state {
	struct kvm_shared_msrs_global global;
	struct kvm_shared_msrs *areas;
	u64 list[KVM_NR_SHARED_MSRS];
	u64 has_wrmsrns;
	u64 has_wrmsrlist;
};

static_assert(sizeof(struct core_state) <= CORE_STATE);
static_assert(KVM_NR_SHARED_MSRS < MACHINE_MSRS);

void core_save(char state[CORE_STATE])
{
	struct core_state *core = (struct core_state *)state;

	memset(core, 0, sizeof(*core));
	core->global = shared_msrs_global;
	core->areas = shared_msrs;
	memcpy(core->list, shared_msrs_list, sizeof(core->list));
	core->has_wrmsrns = kvm_has_wrmsrns;
	core->has_wrmsrlist = kvm_has_wrmsrlist;
}

void core_restore(const char state[CORE_STATE])
{
	const struct core_state *core = (const struct core_state *)state;

	shared_msrs_global = core->global;
	shared_msrs = core->areas;
	memcpy(shared_msrs_list, core->list, sizeof(core->list));
	kvm_has_wrmsrns = core->has_wrmsrns;
	kvm_has_wrmsrlist = core->has_wrmsrlist;
}

/* As if kvm.ko were loaded anew. */
void core_forget_insns(void)
{
	kvm_has_wrmsrns = false;
	kvm_has_wrmsrlist = false;
}
