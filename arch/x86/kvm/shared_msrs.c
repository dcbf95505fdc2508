// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared MSRs: a guest's values stay loaded through every VM-exit that the
 * kernel handles by itself. The host's values come back when the CPU returns to
 * user mode. See Documentation/virt/kvm/x86/shared-msrs.rst.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/jump_label.h>
#include <linux/lockdep.h>
#include <linux/printk.h>
#include <linux/user-return-notifier.h>

#include <asm/msr.h>

#include "shared_msrs.h"
#include "shared_msrs_cpu.h"

/**
 * struct kvm_shared_msrs_global - the table
 * @nr: number of slots; they are handed out in order and never taken back
 * @user: bit mask of the slots whose MSR the CPU reads for the host's user mode
 * @secret: bit mask of the slots whose host value a guest must not learn
 * @msrs: the MSRs' indices, by slot
 */
struct kvm_shared_msrs_global {
	int nr;
	unsigned long user;
	unsigned long secret;
	u32 msrs[KVM_NR_SHARED_MSRS];
};

/**
 * struct kvm_shared_msrs - the shared MSRs of one CPU
 * @urn: fires when the CPU returns to user mode
 * @registered: @urn is on this CPU's list
 * @online: the CPU has virtualization enabled, so that slots may become dirty
 * @dirty: bit mask of the slots to restore: their current value is not the
 *         host's or, if they are secret, was not loaded as the host's, or is
 *         unknown since they are passed through
 * @owner: the VM that has loaded values last, ~0 for one without a number
 * @foreign: bit mask of the slots that hold no value of @owner
 * @values: what user mode must see, and what the hardware holds, by slot
 */
struct kvm_shared_msrs {
	struct user_return_notifier urn;
	bool registered;
	bool online;
	unsigned long dirty;
	u64 owner;
	unsigned long foreign;
	struct kvm_shared_msr_values {
		u64 host;
		u64 curr;
	} values[KVM_NR_SHARED_MSRS];
};

static struct kvm_shared_msrs_global shared_msrs_global __read_mostly;
static struct kvm_shared_msrs __percpu *shared_msrs;
atomic64_t kvm_shared_msr_owners;
DEFINE_PER_CPU(const struct kvm_shared_msr_set *, kvm_loaded_shared_msrs);
EXPORT_PER_CPU_SYMBOL_GPL(kvm_loaded_shared_msrs);
static DEFINE_STATIC_KEY_FALSE(kvm_has_wrmsrns);

/* Visits each slot of the mask @slots, a variable that is 0 in the end. */
#define for_each_slot(slot, slots) \
	for (; (slots) && ((slot) = __ffs(slots), true); (slots) &= (slots) - 1)

/*
 * The one place that writes a shared MSR. If the CPU refuses a guest's value,
 * nothing changes. @wrmsrns is a constant: no loop asks for the key each time.
 */
static __always_inline int kvm_write_shared_msr(struct kvm_shared_msrs *smsrs,
						unsigned long slot, u64 value,
						bool guests, bool wrmsrns)
{
	u32 msr = shared_msrs_global.msrs[slot];

	lockdep_assert_irqs_disabled();
	/* A hypervisor may show WRMSRNS in CPUID and then refuse it. */
	if (!wrmsrns || wrmsrns_safe(msr, value)) {
		if (!guests)
			wrmsrl(msr, value);
		else if (wrmsrl_safe(msr, value))
			return 1;
	}
	smsrs->values[slot].curr = value;
	return 0;
}

static __always_inline void kvm_restore_slots(struct kvm_shared_msrs *smsrs,
					      unsigned long slots, bool wrmsrns)
{
	unsigned long slot;

	for_each_slot(slot, slots)
		kvm_write_shared_msr(smsrs, slot, smsrs->values[slot].host,
				     false, wrmsrns);
}

static noinline void kvm_restore_by_wrmsrns(struct kvm_shared_msrs *smsrs,
					    unsigned long slots)
{
	kvm_restore_slots(smsrs, slots, true);
}

static void kvm_restore_shared_msrs(struct kvm_shared_msrs *smsrs,
				    unsigned long slots)
{
	unsigned long flags;

	/* Keeps out the IPI that disables virtualization. */
	local_irq_save(flags);
	slots &= smsrs->dirty;
	smsrs->dirty &= ~slots;
	smsrs->foreign |= slots;
	__this_cpu_write(kvm_loaded_shared_msrs, NULL);
	if (static_branch_unlikely(&kvm_has_wrmsrns))
		kvm_restore_by_wrmsrns(smsrs, slots);
	else
		kvm_restore_slots(smsrs, slots, false);

	if (smsrs->registered) {
		smsrs->registered = false;
		user_return_notifier_unregister(&smsrs->urn);
	}
	local_irq_restore(flags);
}

static void kvm_on_user_return(struct user_return_notifier *urn)
{
	struct kvm_shared_msrs *smsrs = container_of(urn, struct kvm_shared_msrs, urn);

	kvm_restore_shared_msrs(smsrs, shared_msrs_global.user);
}

/**
 * kvm_find_shared_msr - find the slot of an MSR
 * @msr: the MSR's index, as RDMSR takes it in ECX
 *
 * Context: Any, once the table is filled.
 * Return: the slot, or -ENOENT if @msr is not a shared MSR.
 */
int kvm_find_shared_msr(u32 msr)
{
	int slot;

	for (slot = 0; slot < shared_msrs_global.nr; slot++)
		if (shared_msrs_global.msrs[slot] == msr)
			return slot;
	return -ENOENT;
}
EXPORT_SYMBOL_GPL(kvm_find_shared_msr);

/**
 * kvm_define_shared_msr - register an MSR as shared
 * @msr: the MSR's index, as RDMSR takes it in ECX
 *
 * Reads the MSR and writes the same value back, to see whether the CPU has it.
 *
 * Context: Process context, while no CPU has virtualization enabled.
 * Return: the slot; -ENXIO if the CPU does not have the MSR; -EEXIST or -ENOSPC,
 * and a line in the log, if it is registered already or the table is full.
 */
int kvm_define_shared_msr(u32 msr)
{
	struct kvm_shared_msrs_global *global = &shared_msrs_global;
	u64 value;
	int err;

	if (kvm_find_shared_msr(msr) >= 0) {
		pr_err("shared MSR 0x%x is registered twice\n", msr);
		return -EEXIST;
	}
	if (global->nr == KVM_NR_SHARED_MSRS) {
		pr_err("no slot is left for shared MSR 0x%x\n", msr);
		return -ENOSPC;
	}

	/* On one CPU: the value of TSC_AUX must not end up in another. */
	preempt_disable();
	err = rdmsrl_safe(msr, &value) ?: wrmsrl_safe(msr, value);
	preempt_enable();
	if (err)
		return -ENXIO;

	if (kvm_user_mode_uses(msr, cpu_runs_fred()))
		global->user |= BIT(global->nr);
	if (kvm_shared_msr_is_secret(msr))
		global->secret |= BIT(global->nr);
	global->msrs[global->nr] = msr;
	return global->nr++;
}
EXPORT_SYMBOL_GPL(kvm_define_shared_msr);

/* What hardware holds while a guest's value is loaded. */
static u64 kvm_shared_msr_value(const struct kvm_shared_msr_values *values,
				const struct kvm_shared_msr *msr)
{
	return (msr->data & msr->mask) | (values->host & ~msr->mask);
}

/*
 * The caller has interrupts disabled: whoever disables virtualization must find
 * hardware, cache and notifier in agreement, and nothing is loaded after that.
 *
 * A secret value is written unless the slot holds one of the same VM. If it were
 * compared with anybody else's value, the guest could tell which that is.
 *
 * @first is the slot of @msrs[0]. Those of @passthrough are dirty whatever they
 * hold now. Returns the slots whose value is refused.
 */
static __always_inline unsigned long
kvm_load_slots(struct kvm_shared_msrs *smsrs, u64 owner,
	       const struct kvm_shared_msr *msrs, unsigned int first,
	       unsigned long slots, unsigned long passthrough, bool wrmsrns)
{
	unsigned long secret = shared_msrs_global.secret;
	unsigned long slot, left = slots, refused = 0;
	unsigned long foreign;

	if (!smsrs->online)
		return slots;

	if (smsrs->owner != owner) {
		smsrs->owner = owner ?: ~0ull;
		smsrs->foreign = ~0ul;
	}
	foreign = secret & smsrs->foreign;
	for_each_slot(slot, left) {
		const struct kvm_shared_msr_values *values = &smsrs->values[slot];
		u64 value = kvm_shared_msr_value(values, &msrs[slot - first]);

		if ((foreign & BIT(slot) || value != values->curr) &&
		    kvm_write_shared_msr(smsrs, slot, value, true, wrmsrns)) {
			__set_bit(slot, &refused);
			__clear_bit(slot, &slots);
		} else if (!(secret & BIT(slot)) && value == values->host) {
			__clear_bit(slot, &smsrs->dirty);
			__clear_bit(slot, &slots);
		}
	}

	smsrs->dirty |= slots | passthrough;
	smsrs->foreign &= ~slots;
	if (smsrs->dirty & shared_msrs_global.user && !smsrs->registered) {
		smsrs->registered = true;
		user_return_notifier_register(&smsrs->urn);
	}
	return refused;
}

static noinline unsigned long
kvm_load_by_wrmsrns(struct kvm_shared_msrs *smsrs,
		    const struct kvm_shared_msr_set *set, unsigned long slots)
{
	return kvm_load_slots(smsrs, set->owner, set->msrs, 0, slots,
			      set->passthrough, true);
}

/**
 * kvm_set_shared_msr - load a guest's value
 * @owner: the VM's number, or 0 if not even its own secrets may be compared
 * @slot: the MSR's slot
 * @data: the guest's value
 * @mask: the bits of @data to load; the others keep the host's value
 *
 * A value for which WRMSR raises #GP changes nothing (Intel SDM volume 2 and AMD
 * APM volume 3, "WRMSR": reserved bits, addresses that are not canonical).
 *
 * Context: Task context, preemption disabled.
 * Return: 0, or 1 for "inject #GP", if the MSR does not take the value or this
 * CPU has virtualization disabled.
 */
int kvm_set_shared_msr(u64 owner, unsigned int slot, u64 data, u64 mask)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	const struct kvm_shared_msr msr = { .data = data, .mask = mask };
	unsigned long flags, refused;

	local_irq_save(flags);
	refused = kvm_load_slots(smsrs, owner, &msr, slot, BIT(slot), 0, false);
	__this_cpu_write(kvm_loaded_shared_msrs, NULL);
	local_irq_restore(flags);
	return !!refused;
}
EXPORT_SYMBOL_GPL(kvm_set_shared_msr);

/* The guest must not run with somebody else's secrets instead of its own. */
static noinline void kvm_replace_refused(struct kvm_shared_msrs *smsrs,
					 unsigned long refused)
{
	unsigned long slot;

	__this_cpu_write(kvm_loaded_shared_msrs, NULL);
	refused &= shared_msrs_global.secret;
	for_each_slot(slot, refused)
		kvm_set_shared_msr(smsrs->owner, slot, 0, ~0ull);
}

/**
 * kvm_load_shared_msrs - load a vCPU's values
 * @set: the values
 * @slots: bit mask of the slots to load
 *
 * Does what kvm_set_shared_msr() does for each of the slots. This CPU holds the
 * set then, unless it refuses a value. Instead of a secret one it holds 0 then.
 *
 * Context: Task context, preemption disabled.
 */
void kvm_load_shared_msrs(struct kvm_shared_msr_set *set, unsigned long slots)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	unsigned long flags, refused;

	local_irq_save(flags);
	if (static_branch_unlikely(&kvm_has_wrmsrns))
		refused = kvm_load_by_wrmsrns(smsrs, set, slots);
	else
		refused = kvm_load_slots(smsrs, set->owner, set->msrs, 0, slots,
					 set->passthrough, false);
	set->cpu = smp_processor_id();
	__this_cpu_write(kvm_loaded_shared_msrs, set);
	if (unlikely(refused))
		kvm_replace_refused(smsrs, refused);
	local_irq_restore(flags);
}
EXPORT_SYMBOL_GPL(kvm_load_shared_msrs);

/**
 * kvm_read_back_shared_msrs - find out what the guest has written
 * @set: the values of a vCPU that this CPU has loaded
 *
 * Its values of the slots that are passed through become what hardware holds. A
 * slot that was restored since does not hold the guest's value any more.
 *
 * Context: Task context, preemption disabled.
 */
void kvm_read_back_shared_msrs(struct kvm_shared_msr_set *set)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	unsigned long flags, slots, slot;

	local_irq_save(flags);
	slots = set->passthrough & smsrs->dirty;
	for_each_slot(slot, slots) {
		u64 *curr = &smsrs->values[slot].curr;

		rdmsrl(shared_msrs_global.msrs[slot], *curr);
		set->msrs[slot].data = *curr;
	}
	local_irq_restore(flags);
}
EXPORT_SYMBOL_GPL(kvm_read_back_shared_msrs);

/**
 * kvm_hold_shared_msrs - does this CPU hold a vCPU's values anyway?
 * @set: the values
 * @slots: bit mask of the slots to look at
 *
 * Context: Task context, preemption disabled.
 * Return: true if the slots hold the same values, the secret ones by this VM.
 */
bool kvm_hold_shared_msrs(const struct kvm_shared_msr_set *set,
			  unsigned long slots)
{
	const struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	unsigned long secret = slots & shared_msrs_global.secret;
	unsigned long slot;

	if (secret && (smsrs->owner != set->owner || secret & smsrs->foreign))
		return false;

	for_each_slot(slot, slots) {
		if (smsrs->values[slot].curr !=
		    kvm_shared_msr_value(&smsrs->values[slot], &set->msrs[slot]))
			return false;
	}
	return true;
}
EXPORT_SYMBOL_GPL(kvm_hold_shared_msrs);

/**
 * kvm_get_shared_msr - get what this CPU's hardware holds
 * @slot: the MSR's slot
 *
 * Context: Task context, preemption disabled.
 * Return: the current value, which a CPU that loads the MSR by itself must load.
 */
u64 kvm_get_shared_msr(unsigned int slot)
{
	return this_cpu_ptr(shared_msrs)->values[slot].curr;
}
EXPORT_SYMBOL_GPL(kvm_get_shared_msr);

/**
 * kvm_shared_msr_cpu_online - sample this CPU's host values
 *
 * Context: Pinned to this CPU, which is about to enable virtualization.
 */
void kvm_shared_msr_cpu_online(void)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	unsigned long flags;
	int slot;

	local_irq_save(flags);
	/* A guest's value sampled now would be this CPU's host value for good. */
	if (WARN_ON_ONCE(smsrs->dirty))
		kvm_restore_shared_msrs(smsrs, ~0ul);

	for (slot = 0; slot < shared_msrs_global.nr; slot++) {
		struct kvm_shared_msr_values *values = &smsrs->values[slot];

		WARN_ON_ONCE(rdmsrl_safe(shared_msrs_global.msrs[slot], &values->host));
		values->curr = values->host;
	}
	smsrs->urn.on_user_return = kvm_on_user_return;
	smsrs->owner = ~0ull;
	smsrs->foreign = ~0ul;
	smsrs->online = true;
	local_irq_restore(flags);
}

/**
 * kvm_shared_msr_cpu_offline - restore this CPU's host values for good
 *
 * Nothing is loaded on this CPU until kvm_shared_msr_cpu_online() is called.
 *
 * Context: Pinned to this CPU, which disables virtualization (hot-unplug, the
 * last VM is gone, a reboot unless guests may go on). May be an IPI handler.
 */
void kvm_shared_msr_cpu_offline(void)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);

	smsrs->online = false;
	kvm_restore_shared_msrs(smsrs, ~0ul);
}

/**
 * kvm_shared_msrs_init - allocate the per-CPU areas and empty the table
 *
 * Context: Process context, when a vendor module is loaded; may sleep.
 * Return: 0 or -ENOMEM.
 */
int kvm_shared_msrs_init(void)
{
	shared_msrs = alloc_percpu(struct kvm_shared_msrs);
	if (!shared_msrs)
		return -ENOMEM;

	memset(&shared_msrs_global, 0, sizeof(shared_msrs_global));
	if (cpu_has_wrmsrns())
		static_branch_enable(&kvm_has_wrmsrns);
	return 0;
}

static void kvm_shared_msr_ipi_offline(void *unused)
{
	kvm_shared_msr_cpu_offline();
}

/**
 * kvm_shared_msrs_exit - free what kvm_shared_msrs_init() has allocated
 *
 * A reboot may have left guest values to the notifier, which goes now.
 *
 * Context: Process context; every CPU has virtualization disabled. Sends IPIs.
 */
void kvm_shared_msrs_exit(void)
{
	on_each_cpu(kvm_shared_msr_ipi_offline, NULL, 1);
	free_percpu(shared_msrs);
}
