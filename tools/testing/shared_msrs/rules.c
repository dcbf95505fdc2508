// SPDX-License-Identifier: GPL-2.0-only
#include "rules.h"

static bool is_dirty(const struct sim_cpu *c)
{
	int i;

	for (i = 0; i < sim_msrs; i++) {
		if (sim_user_uses(i) && c->msr[i] != c->host[i])
			return true;
	}
	return false;
}

static void check_cache(int cpu)
{
	const struct sim_cpu *c = &sim.cpu[cpu];
	int slot;

	for (slot = 0; slot < sim.slots; slot++) {
		if (!(c->unread & 1u << slot) &&
		    core_current_value(cpu, slot) != c->msr[slot])
			violation(4, "slot %d of CPU %d holds 0x%llx, the cache says 0x%llx",
				  slot, cpu, c->msr[slot],
				  core_current_value(cpu, slot));
	}
}

static void check_notifier(int cpu)
{
	const struct sim_cpu *c = &sim.cpu[cpu];

	if (is_dirty(c) && !c->nr_notifiers)
		violation(5, "CPU %d is dirty and its notifier is not registered",
			  cpu);
	if (c->nr_notifiers > 1)
		violation(5, "CPU %d has a notifier of another CPU", cpu);
	if (c->nr_notifiers && !sim.task[c->task].notify)
		violation(5, "the notifier of CPU %d will not be called", cpu);
}

void rules_in_guest(int cpu, int slot, u64 data, u64 mask)
{
	const struct sim_cpu *c = &sim.cpu[cpu];
	u64 value = (data & mask) | (c->host[slot] & ~mask);

	if (c->msr[slot] != value)
		violation(2, "slot %d of CPU %d holds 0x%llx, the guest's is 0x%llx",
			  slot, cpu, c->msr[slot], value);
}

/* Wherever interrupts are on, someone may look. */
static void at_point(void)
{
	const struct sim_cpu *c = &sim.cpu[now.cpu];

	if (c->irqs_off)
		return;
	check_notifier(now.cpu);
	if (c->enabled)
		check_cache(now.cpu);
}

/*
 * Rule 3. A secret value of somebody else's is not compared with the new one, so
 * the two may be equal. What was passed through is restored whatever it is.
 */
static void before_wrmsr(int msr, u64 value)
{
	struct sim_cpu *c = &sim.cpu[now.cpu];
	u32 bit = 1u << msr;
	bool own = now.loading ? c->owned & bit : !(c->guests & bit);

	if (now.probing) {
		if (value != c->msr[msr])
			violation(1, "the probe changes MSR %d of CPU %d", msr,
				  now.cpu);
		return;
	}
	if (value == c->msr[msr] && (own || !sim_is_secret(msr)) &&
	    !(c->passed & bit))
		violation(3, "WRMSR of the value that MSR %d holds", msr);
	if (!c->enabled)
		violation(1, "WRMSR on CPU %d, which has virtualization disabled",
			  now.cpu);
	if (now.loading) {
		c->guests |= bit;
	} else {
		c->guests &= ~bit;
		c->owned &= ~bit;
		c->passed &= ~bit;
	}
}

void rules_in_user_mode(int cpu)
{
	const struct sim_cpu *c = &sim.cpu[cpu];
	int i;

	for (i = 0; i < sim_msrs; i++) {
		if (c->enabled && !sim_user_uses(i))
			continue;
		if (c->msr[i] != c->host[i])
			violation(1, "slot %d of CPU %d holds 0x%llx, the host's is 0x%llx",
				  i, cpu, c->msr[i], c->host[i]);
	}
	if (c->nr_notifiers)
		violation(5, "a notifier is left on CPU %d's list", cpu);
}

void rules_after_step(void)
{
	int cpu, i;

	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		const struct sim_cpu *c = &sim.cpu[cpu];

		if (c->irqs_off)
			violation(0, "interrupts are left off on CPU %d", cpu);
		if (c->preempt_count)
			violation(0, "preemption is left disabled on CPU %d", cpu);
		/* The host's values, or what the guest has asked for. */
		if (!c->enabled)
			rules_in_user_mode(cpu);
		for (i = 0; i < sim_msrs; i++) {
			if (c->msr[i] != c->want[i])
				violation(2, "slot %d of CPU %d holds 0x%llx instead of 0x%llx",
					  i, cpu, c->msr[i], c->want[i]);
		}
		check_notifier(cpu);
		if (c->enabled)
			check_cache(cpu);
	}
}

void rules_start(void)
{
	sim_hooks.at_point = at_point;
	sim_hooks.in_user_mode = rules_in_user_mode;
	sim_hooks.before_wrmsr = before_wrmsr;
}
