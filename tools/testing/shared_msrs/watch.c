// SPDX-License-Identifier: GPL-2.0-only
#include "watch.h"

/* Here the core's functions are meant. */
#undef kvm_set_shared_msr
#undef kvm_load_shared_msrs
#undef kvm_shared_msrs_loaded
#undef kvm_hold_shared_msrs

static struct sim_cpu *this_cpu(void)
{
	return &sim.cpu[now.cpu];
}

static u64 hardware_value(int slot, const struct kvm_shared_msr *msr)
{
	return (msr->data & msr->mask) | (this_cpu()->host[slot] & ~msr->mask);
}

static bool is_loaded(const struct kvm_shared_msr_set *set, unsigned long slots)
{
	int slot;

	for (slot = 0; slot < sim.slots; slot++) {
		if (slots & 1ul << slot && this_cpu()->msr[slot] !=
					   hardware_value(slot, &set->msrs[slot]))
			return false;
	}
	return true;
}

/*
 * Whose value a slot holds is forgotten when another VM loads any, and at once
 * for VMs without a number.
 */
static void begin_load(u64 owner)
{
	struct sim_cpu *c = this_cpu();

	if (owner != sim.owners[c->task])
		violation(7, "vCPU %d loads values as a vCPU of another VM",
			  c->task);
	if (!owner || c->owner != owner) {
		c->owner = owner;
		c->owned = 0;
	}
	now.loading = true;
}

/*
 * Nothing is asked for while virtualization is disabled. A vCPU that goes on with
 * a refused value must not find somebody else's secret.
 */
static void end_load(int slot, const struct kvm_shared_msr *msr, bool goes_on)
{
	struct sim_cpu *c = this_cpu();
	u64 value = hardware_value(slot, msr);

	now.loading = false;
	if (!c->enabled)
		return;
	if (value & SIM_RESERVED) {
		if (!goes_on || !sim_is_secret(slot))
			return;
		value = 0;
	}
	c->want[slot] = value;
	c->owned |= 1u << slot;
}

int watch_set(u64 owner, unsigned int slot, u64 data, u64 mask)
{
	const struct kvm_shared_msr msr = { data, mask };
	bool was_enabled = this_cpu()->enabled;
	int ret;

	begin_load(owner);
	ret = kvm_set_shared_msr(owner, slot, data, mask);
	end_load(slot, &msr, false);
	observe("kvm_set_shared_msr() returns", ret);

	if (ret != 0 && ret != 1)
		violation(0, "kvm_set_shared_msr() returns %d", ret);
	if (!was_enabled && !ret)
		violation(2, "CPU %d has virtualization disabled, but takes a value",
			  now.cpu);
	if (!this_cpu()->enabled)
		return ret;
	if (ret != !!(hardware_value(slot, &msr) & SIM_RESERVED))
		violation(2, "kvm_set_shared_msr() returns %d", ret);
	if (kvm_get_shared_msr(slot) != this_cpu()->msr[slot])
		violation(4, "slot %d of CPU %d holds 0x%llx, and is said to hold 0x%llx",
			  slot, now.cpu, this_cpu()->msr[slot],
			  kvm_get_shared_msr(slot));
	return ret;
}

void watch_load(struct kvm_shared_msr_set *set, unsigned long slots)
{
	int slot;

	begin_load(set->owner);
	this_cpu()->passed |= set->passthrough;
	kvm_load_shared_msrs(set, slots);
	for (slot = 0; slot < sim.slots; slot++) {
		if (slots & 1ul << slot)
			end_load(slot, &set->msrs[slot], true);
	}
	now.loading = false;

	if (kvm_shared_msrs_loaded(set) !=
	    (this_cpu()->enabled && is_loaded(set, slots)))
		violation(3, "values are loaded on CPU %d, or not, and the other is said",
			  now.cpu);
}

/* Which slots are meant only the caller knows. */
bool watch_loaded(const struct kvm_shared_msr_set *set)
{
	bool loaded = kvm_shared_msrs_loaded(set);

	observe("values are said to be loaded", loaded);
	return loaded;
}

static bool own_secrets(const struct sim_cpu *c, u64 owner, unsigned long slots)
{
	int slot;

	for (slot = 0; slot < sim.slots; slot++) {
		if (slots & 1ul << slot && sim_is_secret(slot) &&
		    (!owner || c->owner != owner || !(c->owned & 1u << slot)))
			return false;
	}
	return true;
}

bool watch_hold(const struct kvm_shared_msr_set *set, unsigned long slots)
{
	const struct sim_cpu *c = this_cpu();
	bool hold = kvm_hold_shared_msrs(set, slots);

	observe("values are said to be held", hold);
	if (hold != (own_secrets(c, set->owner, slots) && is_loaded(set, slots)))
		violation(hold ? 2 : 3, "CPU %d is said to %s values", now.cpu,
			  hold ? "hold" : "lack");
	return hold;
}
