// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of Documentation/virt/kvm/x86/shared-msrs.rst ("What must hold"),
 * checked against what the hardware holds, what the kernel's lists say and what
 * was asked for.  Of the core's own bookkeeping only the
 * cached values are looked at, by rule 4.
 *
 * Rule 3 is in machine_wrmsr(), which sees each write, and in model.c, which
 * counts them.  Rule 6, about gates, is in vcpu.c, which has the VMCSs.
 */
#include "machine.h"

static bool is_dirty(const struct machine_cpu *c)
{
	int i;

	for (i = 0; i < machine_msrs; i++) {
		if (machine_user_uses(i) && c->msr[i] != c->host[i])
			return true;
	}
	return false;
}

static void check_cache(int cpu)
{
	const struct machine_cpu *c = &machine.cpu[cpu];
	int slot;

	for (slot = 0; slot < machine.slots; slot++) {
		if (core_current_value(cpu, slot) != c->msr[slot])
			violation(4, "slot %d of CPU %d holds 0x%llx, the cache says 0x%llx",
				  slot, cpu, c->msr[slot],
				  core_current_value(cpu, slot));
	}
}

static void check_notifier(int cpu)
{
	const struct machine_cpu *c = &machine.cpu[cpu];

	if (is_dirty(c) && !c->nr_notifiers)
		violation(5, "CPU %d is dirty and its notifier is not registered",
			  cpu);
	if (c->nr_notifiers > 1)
		violation(5, "CPU %d has a notifier of another CPU", cpu);
	if (c->nr_notifiers && !machine.task[c->task].notify)
		violation(5, "the notifier of CPU %d will not be called", cpu);
}

/* A slot that the guest can use, from VM-entry to VM-exit. */
void rules_in_guest(int cpu, int slot, u64 data, u64 mask)
{
	const struct machine_cpu *c = &machine.cpu[cpu];
	u64 value = (data & mask) | (c->host[slot] & ~mask);

	if (c->msr[slot] != value)
		violation(2, "slot %d of CPU %d holds 0x%llx, the guest's is 0x%llx",
			  slot, cpu, c->msr[slot], value);
}

/* Wherever interrupts are on, someone may look. */
void rules_at_point(void)
{
	const struct machine_cpu *c = &machine.cpu[now.cpu];

	if (c->irqs_off)
		return;
	check_notifier(now.cpu);
	if (c->enabled)
		check_cache(now.cpu);
}

void rules_in_user_mode(int cpu)
{
	const struct machine_cpu *c = &machine.cpu[cpu];
	int i;

	for (i = 0; i < machine_msrs; i++) {
		if (c->enabled && !machine_user_uses(i))
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

	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		const struct machine_cpu *c = &machine.cpu[cpu];

		if (now.untraced[cpu].nr)
			violation(0, "a WRMSR of CPU %d is not traced", cpu);
		if (c->irqs_off)
			violation(0, "interrupts are left off on CPU %d", cpu);
		if (c->preempt_count)
			violation(0, "preemption is left disabled on CPU %d", cpu);
		/* The host's values, or what the guest has asked for. */
		if (!c->enabled)
			rules_in_user_mode(cpu);
		for (i = 0; i < machine_msrs; i++) {
			if (c->msr[i] != c->want[i])
				violation(2, "slot %d of CPU %d holds 0x%llx instead of 0x%llx",
					  i, cpu, c->msr[i], c->want[i]);
		}
		check_notifier(cpu);
		if (c->enabled)
			check_cache(cpu);
	}
}
