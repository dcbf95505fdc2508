// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared MSRs: guest values stay loaded through every VM-exit that the kernel
 * handles by itself; the host's come back when the CPU returns to user mode.
 *
 * See Documentation/virt/kvm/x86/shared-msrs.rst.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/user-return-notifier.h>

#include <asm/msr.h>

#include "shared_msrs.h"
#include "shared_msrs_insns.h"

/**
 * struct kvm_shared_msrs_global - the table
 * @nr: slots are handed out in order and never taken back
 * @user: bit mask of the slots whose MSR the CPU reads for the host's user mode
 * @msrs: the MSRs' indices, by slot
 */
struct kvm_shared_msrs_global {
	int nr;
	unsigned long user;
	u32 msrs[KVM_NR_SHARED_MSRS];
};

/**
 * struct kvm_shared_msrs - the shared MSRs of one CPU
 * @urn: fires when the CPU returns to user mode
 * @registered: @urn is on this CPU's list
 * @online: the CPU has virtualization enabled, so that slots may become dirty
 * @dirty: bit mask of the slots whose current value is not the host's
 * @generation: the set of values that is loaded, or 0 where it is unknown
 * @values: what user mode must see, and what the hardware holds, by slot
 */
struct kvm_shared_msrs {
	struct user_return_notifier urn;
	bool registered;
	bool online;
	unsigned long dirty;
	u64 generation;
	struct kvm_shared_msr_values {
		u64 host;
		u64 curr;
	} values[KVM_NR_SHARED_MSRS];
};

static struct kvm_shared_msrs_global shared_msrs_global __read_mostly;
static struct kvm_shared_msrs __percpu *shared_msrs;

static DEFINE_STATIC_KEY_FALSE(kvm_has_wrmsrns);
static bool kvm_has_wrmsrlist __read_mostly;

/* What WRMSRLIST takes: the table in quadwords. */
static u64 shared_msrs_list[KVM_NR_SHARED_MSRS] __read_mostly;

/*
 * Where the CPU has WRMSRNS sets of values are first listed, by slot, and then
 * written. Returns the slots whose value it refuses. For a single MSR WRMSRLIST
 * would only be a detour through memory.
 */
static unsigned long kvm_write_msr_list(unsigned long slots, const u64 *values)
{
	unsigned long failed = 0, refused = 0, left = slots;

	if (kvm_has_wrmsrlist && slots & (slots - 1)) {
		while ((left = wrmsrlist(shared_msrs_list, values, left))) {
			failed |= left & -left;
			left &= left - 1;
		}
	} else {
		for (; left; left &= left - 1) {
			unsigned int slot = __ffs(left);

			if (wrmsrns_safe(shared_msrs_global.msrs[slot],
					 values[slot]))
				failed |= BIT(slot);
		}
	}

	slots &= ~failed;
	for (; tracepoint_enabled(write_msr) && slots; slots &= slots - 1) {
		unsigned int slot = __ffs(slots);

		do_trace_write_msr(shared_msrs_global.msrs[slot], values[slot],
				   0);
	}

	/*
	 * A hypervisor may show the instructions in CPUID and not let them be
	 * executed. The host's values must come back all the same.
	 */
	for (; failed; failed &= failed - 1) {
		unsigned int slot = __ffs(failed);

		if (wrmsrl_safe(shared_msrs_global.msrs[slot], values[slot]))
			refused |= BIT(slot);
	}
	return refused;
}

static noinline void kvm_restore_msr_list(struct kvm_shared_msrs *smsrs,
					  unsigned long slots)
{
	u64 list[KVM_NR_SHARED_MSRS] = {};
	unsigned long left;

	for (left = slots; left; left &= left - 1) {
		unsigned int slot = __ffs(left);
		struct kvm_shared_msr_values *value = &smsrs->values[slot];

		list[slot] = value->host;
		value->curr = value->host;
	}
	WARN_ON_ONCE(kvm_write_msr_list(slots, list));
}

/* Context: Interrupts disabled, on the CPU that @smsrs belongs to. */
static void kvm_restore_shared_msrs(struct kvm_shared_msrs *smsrs,
				    unsigned long slots)
{
	lockdep_assert_irqs_disabled();

	slots &= smsrs->dirty;
	smsrs->dirty &= ~slots;
	smsrs->generation = 0;
	if (static_branch_unlikely(&kvm_has_wrmsrns)) {
		kvm_restore_msr_list(smsrs, slots);
	} else {
		for (; slots; slots &= slots - 1) {
			unsigned int slot = __ffs(slots);
			struct kvm_shared_msr_values *value =
				&smsrs->values[slot];

			wrmsrl(shared_msrs_global.msrs[slot], value->host);
			value->curr = value->host;
		}
	}

	if (smsrs->registered) {
		smsrs->registered = false;
		user_return_notifier_unregister(&smsrs->urn);
	}
}

static void kvm_on_user_return(struct user_return_notifier *urn)
{
	struct kvm_shared_msrs *smsrs =
		container_of(urn, struct kvm_shared_msrs, urn);
	unsigned long flags;

	/* Against the IPI that disables virtualization. */
	local_irq_save(flags);
	kvm_restore_shared_msrs(smsrs, shared_msrs_global.user);
	local_irq_restore(flags);
}

/*
 * RDMSR and WRMSR must hit the same CPU: TSC_AUX, for one, differs from CPU to
 * CPU, and the value of one must not end up in another.
 */
static int kvm_probe_shared_msr(u32 msr)
{
	u64 value;
	int err;

	preempt_disable();
	err = rdmsrl_safe(msr, &value);
	if (!err)
		err = wrmsrl_safe(msr, value);
	preempt_enable();

	return err;
}

/*
 * With FRED the SYSCALL of user mode is an event like an exception, and goes
 * where these MSRs do not say; STAR still has the selectors (Intel FRED
 * specification, "Event Delivery"). So the host's values need not come back
 * before the CPU disables virtualization.
 */
static bool kvm_user_mode_uses(u32 msr)
{
	switch (msr) {
	case MSR_LSTAR:
	case MSR_CSTAR:
	case MSR_SYSCALL_MASK:
		return !cpu_runs_fred();
	default:
		return true;
	}
}

/**
 * kvm_find_shared_msr - find the slot of an MSR
 * @msr: the MSR's index, as RDMSR takes it in ECX
 *
 * Context: Any, once the table is filled.
 * Return: the slot, or -ENOENT where @msr is not a shared MSR.
 */
int kvm_find_shared_msr(u32 msr)
{
	int slot;

	for (slot = 0; slot < shared_msrs_global.nr; slot++) {
		if (shared_msrs_global.msrs[slot] == msr)
			return slot;
	}
	return -ENOENT;
}
EXPORT_SYMBOL_GPL(kvm_find_shared_msr);

/**
 * kvm_define_shared_msr - register an MSR as shared
 * @msr: the MSR's index, as RDMSR takes it in ECX
 *
 * The MSR is probed by reading it and writing the same value back. The first
 * MSR registered gets slot 0, the next one slot 1, and so on.
 *
 * Context: Process context, while the vendor module sets up the hardware: no
 * CPU has virtualization enabled yet. Disables preemption for the probe.
 * Return: the slot; -ENXIO where the CPU does not have the MSR; -EEXIST or
 * -ENOSPC, and a line in the log, where the MSR is registered already or the
 * table is full, which is a bug in the caller.
 */
int kvm_define_shared_msr(u32 msr)
{
	struct kvm_shared_msrs_global *global = &shared_msrs_global;

	if (kvm_find_shared_msr(msr) >= 0) {
		pr_err("shared MSR 0x%x is registered twice\n", msr);
		return -EEXIST;
	}
	if (global->nr == KVM_NR_SHARED_MSRS) {
		pr_err("no slot for shared MSR 0x%x, all %d are taken\n",
		       msr, KVM_NR_SHARED_MSRS);
		return -ENOSPC;
	}
	if (kvm_probe_shared_msr(msr))
		return -ENXIO;

	if (kvm_user_mode_uses(msr))
		global->user |= BIT(global->nr);
	global->msrs[global->nr] = msr;
	shared_msrs_list[global->nr] = msr;
	return global->nr++;
}
EXPORT_SYMBOL_GPL(kvm_define_shared_msr);

/* What hardware holds while a guest's value is loaded. */
static u64 kvm_shared_msr_value(const struct kvm_shared_msr_values *values,
				u64 data, u64 mask)
{
	return (data & mask) | (values->host & ~mask);
}

/* Context: Interrupts disabled, on the CPU that @smsrs belongs to. */
static void kvm_shared_msr_written(struct kvm_shared_msrs *smsrs,
				   unsigned int slot, u64 value)
{
	struct kvm_shared_msr_values *values = &smsrs->values[slot];

	lockdep_assert_irqs_disabled();

	values->curr = value;
	if (value == values->host)
		smsrs->dirty &= ~BIT(slot);
	else
		smsrs->dirty |= BIT(slot);
}

/*
 * The IPI that disables virtualization must find the hardware, the cached
 * values and the notifier in agreement; after it, nothing may be loaded that
 * it could no longer restore. So whoever calls this has had interrupts disabled
 * since before it looked at @online.
 */
static void kvm_register_if_dirty(struct kvm_shared_msrs *smsrs)
{
	if (smsrs->dirty & shared_msrs_global.user && !smsrs->registered) {
		smsrs->registered = true;
		user_return_notifier_register(&smsrs->urn);
	}
}

/**
 * kvm_set_shared_msr - load a guest's value
 * @slot: the MSR's slot
 * @data: the guest's value
 * @mask: the bits of @data to load; the others keep the host's value
 *
 * Writes the MSR only if its current value is another one. The host's value
 * comes back when this CPU returns to user mode, if that uses the MSR, or
 * disables virtualization.
 *
 * WRMSR raises #GP for reserved bits and, in the MSRs that hold addresses, for
 * addresses that are not canonical (Intel SDM volume 2, "WRMSR"; AMD APM volume
 * 3, "WRMSR"). Such a value is refused and nothing changes.
 *
 * Context: Task context, preemption disabled.
 * Return: 0, or 1, which KVM's MSR handlers take for "inject #GP", where the
 * MSR does not take the value or this CPU has virtualization disabled.
 */
int kvm_set_shared_msr(unsigned int slot, u64 data, u64 mask)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	u64 value = kvm_shared_msr_value(&smsrs->values[slot], data, mask);
	unsigned long flags;
	int ret = 1;

	lockdep_assert_preemption_disabled();

	if (value == smsrs->values[slot].curr)
		return 0;

	local_irq_save(flags);
	if (smsrs->online &&
	    !wrmsrl_safe(shared_msrs_global.msrs[slot], value)) {
		kvm_shared_msr_written(smsrs, slot, value);
		smsrs->generation = 0;
		kvm_register_if_dirty(smsrs);
		ret = 0;
	}
	local_irq_restore(flags);
	return ret;
}
EXPORT_SYMBOL_GPL(kvm_set_shared_msr);

/**
 * kvm_get_shared_msr - what this CPU's hardware holds
 * @slot: the MSR's slot
 *
 * For a CPU that loads the MSR by itself, which must load this value.
 *
 * Context: Task context, preemption disabled.
 * Return: the MSR's current value, the host's or a guest's.
 */
u64 kvm_get_shared_msr(unsigned int slot)
{
	lockdep_assert_preemption_disabled();

	return this_cpu_ptr(shared_msrs)->values[slot].curr;
}
EXPORT_SYMBOL_GPL(kvm_get_shared_msr);

/* Returns the slots whose value the CPU refuses. */
static noinline unsigned long
kvm_load_msr_list(struct kvm_shared_msrs *smsrs,
		  const struct kvm_shared_msr *msrs, unsigned long slots)
{
	unsigned long listed = 0, refused, written;
	u64 list[KVM_NR_SHARED_MSRS] = {};

	for (; slots; slots &= slots - 1) {
		unsigned int slot = __ffs(slots);
		struct kvm_shared_msr_values *values = &smsrs->values[slot];

		list[slot] = kvm_shared_msr_value(values, msrs[slot].data,
						  msrs[slot].mask);
		if (list[slot] != values->curr)
			listed |= BIT(slot);
	}
	refused = kvm_write_msr_list(listed, list);

	for (written = listed & ~refused; written; written &= written - 1) {
		unsigned int slot = __ffs(written);

		kvm_shared_msr_written(smsrs, slot, list[slot]);
	}
	return refused;
}

/**
 * kvm_load_shared_msrs - load a set of a guest's values
 * @msrs: the guest's values, by slot
 * @slots: bit mask of the slots to load, those of the set
 * @generation: the set, a number other than 0 that no other one ever gets
 *
 * Does what kvm_set_shared_msr() does for each of the slots, and notes that the
 * set is loaded. The values are to be ones that hardware takes; nothing is
 * noted if it refuses one, or if this CPU has virtualization disabled.
 *
 * Context: Task context, preemption disabled.
 */
void kvm_load_shared_msrs(const struct kvm_shared_msr *msrs,
			  unsigned long slots, u64 generation)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	unsigned long flags;

	lockdep_assert_preemption_disabled();

	local_irq_save(flags);
	if (!smsrs->online)
		goto out;

	if (static_branch_unlikely(&kvm_has_wrmsrns)) {
		if (kvm_load_msr_list(smsrs, msrs, slots))
			generation = 0;
	} else {
		unsigned long dirty = slots;

		for (; slots; slots &= slots - 1) {
			unsigned int slot = __ffs(slots);
			struct kvm_shared_msr_values *values =
				&smsrs->values[slot];
			u64 value = kvm_shared_msr_value(values,
							 msrs[slot].data,
							 msrs[slot].mask);

			if (value != values->curr) {
				if (wrmsrl_safe(shared_msrs_global.msrs[slot],
						value)) {
					generation = 0;
					dirty &= ~BIT(slot);
					continue;
				}
				values->curr = value;
			}
			if (value == values->host) {
				smsrs->dirty &= ~BIT(slot);
				dirty &= ~BIT(slot);
			}
		}
		/* Late, but nobody looks before interrupts are enabled. */
		smsrs->dirty |= dirty;
	}
	smsrs->generation = generation;
	kvm_register_if_dirty(smsrs);
out:
	local_irq_restore(flags);
}
EXPORT_SYMBOL_GPL(kvm_load_shared_msrs);

/**
 * kvm_shared_msrs_loaded - is a set of values still loaded?
 * @generation: the set, as kvm_load_shared_msrs() got it
 *
 * Any write to a shared MSR of this CPU since then drops the note.
 *
 * Context: Task context, preemption disabled.
 * Return: true if all values of the set are loaded on this CPU. False says
 * nothing.
 */
bool kvm_shared_msrs_loaded(u64 generation)
{
	lockdep_assert_preemption_disabled();

	return this_cpu_ptr(shared_msrs)->generation == generation;
}
EXPORT_SYMBOL_GPL(kvm_shared_msrs_loaded);

/**
 * kvm_shared_msrs_hold - does hardware hold a guest's values anyway?
 * @msrs: the guest's values, by slot
 * @slots: bit mask of the slots to look at
 *
 * Context: Task context, preemption disabled.
 * Return: true if kvm_load_shared_msrs() would not have to write an MSR.
 */
bool kvm_shared_msrs_hold(const struct kvm_shared_msr *msrs,
			  unsigned long slots)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);

	lockdep_assert_preemption_disabled();

	for (; slots; slots &= slots - 1) {
		unsigned int slot = __ffs(slots);
		struct kvm_shared_msr_values *values = &smsrs->values[slot];

		if (values->curr != kvm_shared_msr_value(values, msrs[slot].data,
							 msrs[slot].mask))
			return false;
	}
	return true;
}
EXPORT_SYMBOL_GPL(kvm_shared_msrs_hold);

/**
 * kvm_shared_msr_cpu_online - sample this CPU's host values
 *
 * Context: On the CPU that is about to enable virtualization; the caller cannot
 * migrate.
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
		u64 value = 0;

		WARN_ON_ONCE(rdmsrl_safe(shared_msrs_global.msrs[slot], &value));
		smsrs->values[slot].host = value;
		smsrs->values[slot].curr = value;
	}
	smsrs->urn.on_user_return = kvm_on_user_return;
	smsrs->online = true;
	local_irq_restore(flags);
}

/**
 * drop_user_return_notifiers - restore this CPU's host values for good
 *
 * From here until kvm_shared_msr_cpu_online() no guest value is loaded on this
 * CPU.
 *
 * Context: On the CPU that disables virtualization (CPU hot-unplug, the last VM
 * destroyed, a reboot unless guests may go on); the caller cannot migrate. May
 * be an IPI handler.
 */
void drop_user_return_notifiers(void)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);
	unsigned long flags;

	local_irq_save(flags);
	smsrs->online = false;
	kvm_restore_shared_msrs(smsrs, ~0ul);
	local_irq_restore(flags);
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

	shared_msrs_global.nr = 0;
	shared_msrs_global.user = 0;

	if (cpu_has_wrmsrns())
		static_branch_enable(&kvm_has_wrmsrns);
	kvm_has_wrmsrlist = cpu_has_wrmsrlist();
	return 0;
}

static void kvm_drop_notifiers_of_reboot(void *unused)
{
	drop_user_return_notifiers();
}

/**
 * kvm_shared_msrs_exit - free what kvm_shared_msrs_init() has allocated
 *
 * A reboot may leave what is loaded to the notifier, while the vendor module is
 * unloaded: the host's values are restored first.
 *
 * Context: Process context, when a vendor module is unloaded; every CPU has
 * virtualization disabled. Sends IPIs.
 */
void kvm_shared_msrs_exit(void)
{
	int cpu;

	on_each_cpu(kvm_drop_notifiers_of_reboot, NULL, 1);

	/* Such a CPU would call into freed memory when it returns to user mode. */
	for_each_possible_cpu(cpu)
		WARN_ON_ONCE(per_cpu_ptr(shared_msrs, cpu)->registered);

	free_percpu(shared_msrs);
}
