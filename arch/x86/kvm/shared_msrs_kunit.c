// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit suite for the shared MSR core, against this machine's MSRs.
 *
 * The module has an instance of the core to itself and can be run beside KVM:
 * while a test has values of its own in an MSR, interrupts are disabled, so that
 * no IPI makes KVM look at it, and it is left as it was. What RDMSR says in the
 * meantime is judged afterwards, because a failing expectation may sleep.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/percpu.h>

/* kvm.ko has these, too, and both may be built in. */
#define kvm_shared_msrs_init		kunit_shared_msrs_init
#define kvm_shared_msrs_exit		kunit_shared_msrs_exit
#define kvm_define_shared_msr		kunit_define_shared_msr
#define kvm_find_shared_msr		kunit_find_shared_msr
#define kvm_set_shared_msr		kunit_set_shared_msr
#define kvm_get_shared_msr		kunit_get_shared_msr
#define kvm_load_shared_msrs		kunit_load_shared_msrs
#define kvm_loaded_shared_msrs		kunit_loaded_shared_msrs
#define kvm_read_back_shared_msrs	kunit_read_back_shared_msrs
#define kvm_hold_shared_msrs		kunit_hold_shared_msrs
#define kvm_shared_msr_owners		kunit_shared_msr_owners
#define kvm_shared_msr_cpu_online	kunit_shared_msr_cpu_online
#define kvm_shared_msr_cpu_offline	kunit_shared_msr_cpu_offline

#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(...)
#undef EXPORT_PER_CPU_SYMBOL_GPL
#define EXPORT_PER_CPU_SYMBOL_GPL(...)

#include "shared_msrs.h"
#include "shared_msrs_cpu.h"

/* What a CPU with FRED gets must be right on any other, too. */
static bool fred;
#define cpu_runs_fred() fred

/* MSRs that no machine has, to be registered. */
#define FAKE_MSR	0xfa4e0000
#define NR_FAKE_MSRS	(KVM_NR_SHARED_MSRS + 1)
#define READ_ONLY_MSR	(FAKE_MSR + NR_FAKE_MSRS)
#define ABSENT_MSR	(READ_ONLY_MSR + 1)

static int fake_rdmsr(u32 msr, u64 *value)
{
	if (msr < FAKE_MSR || msr > ABSENT_MSR)
		return rdmsrl_safe(msr, value);

	*value = msr;
	return msr == ABSENT_MSR ? -EIO : 0;
}

static int fake_wrmsr(u32 msr, u64 value)
{
	if (msr < FAKE_MSR || msr > ABSENT_MSR)
		return wrmsrl_safe(msr, value);

	return msr < READ_ONLY_MSR && value == msr ? 0 : -EIO;
}

#define rdmsrl_safe(msr, value) fake_rdmsr(msr, value)
#define wrmsrl_safe(msr, value) fake_wrmsr(msr, value)

#include "shared_msrs.c"

#include <kunit/test.h>
#include <linux/cpu.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/thread_info.h>

#define GUEST_STAR	0x0058005000000000ull
#define GUEST_LSTAR	0xffffffffdead0000ull
#define GUEST_MASK	0x8d5ull
#define NON_CANONICAL	0x8000000000000000ull

/* Two VMs. */
enum { VM = 1, OTHER_VM = 2 };

/* The probe writes back what it has read, which may be a guest's by KVM. */
static int define(u32 msr)
{
	unsigned long flags;
	int slot;

	local_irq_save(flags);
	slot = kvm_define_shared_msr(msr);
	local_irq_restore(flags);
	return slot;
}

static u64 hardware(u32 msr)
{
	u64 value;

	rdmsrl(msr, value);
	return value;
}

static bool notifier_pending(void)
{
	return test_thread_flag(TIF_USER_RETURN_NOTIFY);
}

static void return_to_user_mode(void)
{
	struct kvm_shared_msrs *smsrs = this_cpu_ptr(shared_msrs);

	if (notifier_pending())
		smsrs->urn.on_user_return(&smsrs->urn);
}

static unsigned long enter_cpu(void)
{
	unsigned long flags;

	preempt_disable();
	local_irq_save(flags);
	kvm_shared_msr_cpu_online();
	return flags;
}

static void leave_cpu(unsigned long flags)
{
	kvm_shared_msr_cpu_offline();
	local_irq_restore(flags);
	preempt_enable();
}

static void slots_are_handed_out_in_order(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, define(MSR_STAR), 0);
	KUNIT_EXPECT_EQ(test, define(MSR_LSTAR), 1);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MSR_STAR), 0);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MSR_LSTAR), 1);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MSR_CSTAR), -ENOENT);
}

static void a_duplicate_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, define(MSR_STAR), 0);
	KUNIT_EXPECT_EQ(test, define(MSR_STAR), -EEXIST);
	KUNIT_EXPECT_EQ(test, define(MSR_LSTAR), 1);
}

static void the_table_takes_16(struct kunit *test)
{
	const u32 one_more = FAKE_MSR + KVM_NR_SHARED_MSRS;
	int i;

	for (i = 0; i < KVM_NR_SHARED_MSRS; i++)
		KUNIT_EXPECT_EQ(test, define(FAKE_MSR + i), i);
	KUNIT_EXPECT_EQ(test, define(one_more), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(one_more), -ENOENT);
}

static void an_absent_msr_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, define(ABSENT_MSR), -ENXIO);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(ABSENT_MSR), -ENOENT);
}

static void a_read_only_msr_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, define(READ_ONLY_MSR), -ENXIO);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(READ_ONLY_MSR), -ENOENT);
}

static void values_are_loaded_and_restored(struct kunit *test)
{
	int star = define(MSR_STAR);
	int lstar = define(MSR_LSTAR);
	u64 host_star, host_lstar, loaded_star, loaded_lstar;
	u64 restored_star, restored_lstar;
	unsigned long flags;
	int err;

	flags = enter_cpu();
	host_star = hardware(MSR_STAR);
	host_lstar = hardware(MSR_LSTAR);
	err = kvm_set_shared_msr(VM, star, GUEST_STAR, ~0ull);
	err |= kvm_set_shared_msr(VM, lstar, GUEST_LSTAR, ~0ull);
	loaded_star = hardware(MSR_STAR);
	loaded_lstar = hardware(MSR_LSTAR);
	return_to_user_mode();
	restored_star = hardware(MSR_STAR);
	restored_lstar = hardware(MSR_LSTAR);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, loaded_star, (u64)GUEST_STAR);
	KUNIT_EXPECT_EQ(test, loaded_lstar, (u64)GUEST_LSTAR);
	KUNIT_EXPECT_EQ(test, restored_star, host_star);
	KUNIT_EXPECT_EQ(test, restored_lstar, host_lstar);
}

static void with_fred_what_user_mode_does_not_use_stays_loaded(struct kunit *test)
{
	bool kvms, when_lstar_is_dirty, when_star_is_dirty;
	u64 host_star, host_lstar, restored_star, left_lstar, restored_lstar;
	unsigned long flags;
	int star, lstar;

	fred = true;
	star = define(MSR_STAR);
	lstar = define(MSR_LSTAR);

	flags = enter_cpu();
	kvms = notifier_pending();
	host_star = hardware(MSR_STAR);
	host_lstar = hardware(MSR_LSTAR);
	kvm_set_shared_msr(VM, lstar, GUEST_LSTAR, ~0ull);
	when_lstar_is_dirty = notifier_pending();
	kvm_set_shared_msr(VM, star, GUEST_STAR, ~0ull);
	when_star_is_dirty = notifier_pending();
	return_to_user_mode();
	restored_star = hardware(MSR_STAR);
	left_lstar = hardware(MSR_LSTAR);
	kvm_shared_msr_cpu_offline();
	restored_lstar = hardware(MSR_LSTAR);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, restored_star, host_star);
	KUNIT_EXPECT_EQ(test, left_lstar, (u64)GUEST_LSTAR);
	KUNIT_EXPECT_EQ(test, restored_lstar, host_lstar);

	if (kvms)
		kunit_skip(test, "KVM has guest values loaded on this CPU");

	KUNIT_EXPECT_FALSE(test, when_lstar_is_dirty);
	KUNIT_EXPECT_TRUE(test, when_star_is_dirty);
}

static void an_equal_value_is_not_written(struct kunit *test)
{
	int slot = define(MSR_STAR);
	unsigned long flags;
	u64 after;
	int err;

	flags = enter_cpu();
	err = kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull);
	/* Changed behind its back: a WRMSR would put the value back. */
	wrmsrl(MSR_STAR, GUEST_STAR + 1);
	err |= kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull);
	after = hardware(MSR_STAR);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, after, (u64)GUEST_STAR + 1);
}

static void only_dirty_slots_are_restored(struct kunit *test)
{
	int star = define(MSR_STAR);
	unsigned long flags;
	u64 host, after;

	define(MSR_SYSCALL_MASK);

	flags = enter_cpu();
	host = hardware(MSR_SYSCALL_MASK);
	kvm_set_shared_msr(VM, star, GUEST_STAR, ~0ull);
	/* Changed behind its back: a WRMSR would put the host's value back. */
	wrmsrl(MSR_SYSCALL_MASK, GUEST_MASK);
	return_to_user_mode();
	after = hardware(MSR_SYSCALL_MASK);
	wrmsrl(MSR_SYSCALL_MASK, host);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, after, (u64)GUEST_MASK);
}

static void bits_outside_the_mask_stay_the_hosts(struct kunit *test)
{
	int slot = define(MSR_SYSCALL_MASK);
	const u64 mask = 0xff;
	unsigned long flags;
	u64 host, loaded;
	int err;

	flags = enter_cpu();
	host = hardware(MSR_SYSCALL_MASK);
	err = kvm_set_shared_msr(VM, slot, ~host, mask);
	loaded = hardware(MSR_SYSCALL_MASK);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, loaded, host ^ mask);
}

static void the_notifier_lives_while_a_slot_is_dirty(struct kunit *test)
{
	int slot = define(MSR_STAR);
	bool kvms, when_clean, when_dirty, when_restored;
	unsigned long flags;

	flags = enter_cpu();
	kvms = notifier_pending();
	kvm_set_shared_msr(VM, slot, hardware(MSR_STAR), ~0ull);
	when_clean = notifier_pending();
	kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull);
	when_dirty = notifier_pending();
	return_to_user_mode();
	when_restored = notifier_pending();
	leave_cpu(flags);

	if (kvms)
		kunit_skip(test, "KVM has guest values loaded on this CPU");

	KUNIT_EXPECT_FALSE(test, when_clean);
	KUNIT_EXPECT_TRUE(test, when_dirty);
	KUNIT_EXPECT_FALSE(test, when_restored);
}

static void a_value_that_raises_gp_changes_nothing(struct kunit *test)
{
	int slot = define(MSR_LSTAR);
	int refused = 0, taken = 1;
	unsigned long flags;
	u64 host, after;
	bool cpu_takes_it;

	flags = enter_cpu();
	host = hardware(MSR_LSTAR);
	cpu_takes_it = !wrmsrl_safe(MSR_LSTAR, NON_CANONICAL);
	wrmsrl(MSR_LSTAR, host);
	if (!cpu_takes_it) {
		refused = kvm_set_shared_msr(VM, slot, NON_CANONICAL, ~0ull);
		after = hardware(MSR_LSTAR);
		taken = kvm_set_shared_msr(VM, slot, GUEST_LSTAR, ~0ull);
	}
	leave_cpu(flags);

	if (cpu_takes_it)
		kunit_skip(test, "this CPU takes a non-canonical LSTAR");

	KUNIT_EXPECT_EQ(test, refused, 1);
	KUNIT_EXPECT_EQ(test, after, host);
	KUNIT_EXPECT_EQ(test, taken, 0);
}

static void a_secret_value_is_compared_with_the_vms_own_only(struct kunit *test)
{
	int slot = define(MSR_LSTAR);
	u64 host, equal_to_host, own, equal_to_other, restored;
	unsigned long flags;

	flags = enter_cpu();
	host = hardware(MSR_LSTAR);
	/* Changed behind its back, to see whether a WRMSR puts the value back. */
	wrmsrl(MSR_LSTAR, GUEST_LSTAR);
	kvm_set_shared_msr(VM, slot, host, ~0ull);
	equal_to_host = hardware(MSR_LSTAR);
	wrmsrl(MSR_LSTAR, GUEST_LSTAR);
	kvm_set_shared_msr(VM, slot, host, ~0ull);
	own = hardware(MSR_LSTAR);
	kvm_set_shared_msr(OTHER_VM, slot, host, ~0ull);
	equal_to_other = hardware(MSR_LSTAR);
	wrmsrl(MSR_LSTAR, GUEST_LSTAR);
	/* To be restored, although the core has seen no value but the host's. */
	return_to_user_mode();
	restored = hardware(MSR_LSTAR);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, equal_to_host, host);
	KUNIT_EXPECT_EQ(test, own, (u64)GUEST_LSTAR);
	KUNIT_EXPECT_EQ(test, equal_to_other, host);
	KUNIT_EXPECT_EQ(test, restored, host);
}

/* STAR, LSTAR and SYSCALL_MASK have the slots 0 to 2. */
static struct kvm_shared_msr_set *define_set(struct kunit *test, u64 lstar)
{
	struct kvm_shared_msr_set *set =
		kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, set);
	KUNIT_ASSERT_EQ(test, define(MSR_STAR), 0);
	KUNIT_ASSERT_EQ(test, define(MSR_LSTAR), 1);
	KUNIT_ASSERT_EQ(test, define(MSR_SYSCALL_MASK), 2);
	set->owner = VM;
	set->msrs[0].data = GUEST_STAR;
	set->msrs[0].mask = ~0ull;
	set->msrs[1].data = lstar;
	set->msrs[1].mask = ~0ull;
	set->msrs[2].data = GUEST_MASK;
	set->msrs[2].mask = 0xff;
	return set;
}

static void read_hardware(u64 values[3])
{
	int slot;

	for (slot = 0; slot < 3; slot++)
		values[slot] = hardware(shared_msrs_global.msrs[slot]);
}

static void a_set_is_loaded_at_once(struct kunit *test)
{
	struct kvm_shared_msr_set *set = define_set(test, GUEST_LSTAR);
	/* Not the slot between the two. */
	const unsigned long slots = BIT(0) | BIT(2);
	bool held_before, held_after, held_by_other;
	u64 host[3], loaded[3], restored[3];
	unsigned long flags;
	int slot;

	flags = enter_cpu();
	read_hardware(host);
	held_before = kvm_hold_shared_msrs(set, slots);
	kvm_load_shared_msrs(set, slots);
	held_after = kvm_hold_shared_msrs(set, slots);
	set->owner = OTHER_VM;
	held_by_other = kvm_hold_shared_msrs(set, slots);
	read_hardware(loaded);
	return_to_user_mode();
	read_hardware(restored);
	leave_cpu(flags);

	KUNIT_EXPECT_FALSE(test, held_before);
	KUNIT_EXPECT_TRUE(test, held_after);
	/* Neither of the two is secret. */
	KUNIT_EXPECT_TRUE(test, held_by_other);
	KUNIT_EXPECT_EQ(test, loaded[0], (u64)GUEST_STAR);
	KUNIT_EXPECT_EQ(test, loaded[1], host[1]);
	KUNIT_EXPECT_EQ(test, loaded[2],
			(GUEST_MASK & 0xff) | (host[2] & ~0xffull));
	for (slot = 0; slot < 3; slot++)
		KUNIT_EXPECT_EQ(test, restored[slot], host[slot]);
}

static void a_refused_value_of_a_set_leaves_the_others(struct kunit *test)
{
	struct kvm_shared_msr_set *set = define_set(test, NON_CANONICAL);
	u64 host[3], loaded[3];
	bool cpu_takes_it, noted;
	unsigned long flags;

	flags = enter_cpu();
	read_hardware(host);
	cpu_takes_it = !wrmsrl_safe(MSR_LSTAR, NON_CANONICAL);
	wrmsrl(MSR_LSTAR, host[1]);
	kvm_load_shared_msrs(set, BIT(0) | BIT(1) | BIT(2));
	noted = kvm_shared_msrs_loaded(set);
	read_hardware(loaded);
	leave_cpu(flags);

	if (cpu_takes_it)
		kunit_skip(test, "this CPU takes a non-canonical LSTAR");

	KUNIT_EXPECT_FALSE(test, noted);
	KUNIT_EXPECT_EQ(test, loaded[0], (u64)GUEST_STAR);
	/* LSTAR is secret: the host's must not be left to the guest. */
	KUNIT_EXPECT_EQ(test, loaded[1], 0ull);
	KUNIT_EXPECT_EQ(test, loaded[2],
			(GUEST_MASK & 0xff) | (host[2] & ~0xffull));
}

static void a_set_counts_as_loaded_until_a_change(struct kunit *test)
{
	struct kvm_shared_msr_set *set = define_set(test, GUEST_LSTAR);
	bool at_first, when_loaded, when_set, when_changed, when_restored;
	bool when_offline;
	unsigned long flags;

	flags = enter_cpu();
	at_first = kvm_shared_msrs_loaded(set);
	kvm_load_shared_msrs(set, BIT(0));
	when_loaded = kvm_shared_msrs_loaded(set);
	kvm_set_shared_msr(VM, 0, GUEST_STAR + 1, ~0ull);
	when_set = kvm_shared_msrs_loaded(set);
	kvm_load_shared_msrs(set, BIT(0));
	kvm_shared_msrs_changed(set);
	when_changed = kvm_shared_msrs_loaded(set);
	kvm_load_shared_msrs(set, BIT(0));
	return_to_user_mode();
	when_restored = kvm_shared_msrs_loaded(set);
	kvm_shared_msr_cpu_offline();
	kvm_load_shared_msrs(set, BIT(0));
	when_offline = kvm_shared_msrs_loaded(set);
	leave_cpu(flags);

	KUNIT_EXPECT_FALSE(test, at_first);
	KUNIT_EXPECT_TRUE(test, when_loaded);
	KUNIT_EXPECT_FALSE(test, when_set);
	KUNIT_EXPECT_FALSE(test, when_changed);
	KUNIT_EXPECT_FALSE(test, when_restored);
	KUNIT_EXPECT_FALSE(test, when_offline);
}

static void what_the_guest_writes_is_read_back(struct kunit *test)
{
	struct kvm_shared_msr_set *set = define_set(test, GUEST_LSTAR);
	u64 host[3], written, kept, restored[3];
	unsigned long flags;
	int slot;

	flags = enter_cpu();
	read_hardware(host);
	/* Equal to the host's: only @passthrough makes the slot dirty. */
	set->msrs[0].data = host[0];
	set->passthrough = BIT(0);
	kvm_load_shared_msrs(set, BIT(0) | BIT(1));
	wrmsrl(MSR_STAR, GUEST_STAR);
	wrmsrl(MSR_LSTAR, GUEST_LSTAR + 1);
	kvm_read_back_shared_msrs(set);
	written = set->msrs[0].data;
	kept = set->msrs[1].data;
	return_to_user_mode();
	read_hardware(restored);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, written, (u64)GUEST_STAR);
	/* LSTAR is not passed through. */
	KUNIT_EXPECT_EQ(test, kept, (u64)GUEST_LSTAR);
	for (slot = 0; slot < 3; slot++)
		KUNIT_EXPECT_EQ(test, restored[slot], host[slot]);
}

static void what_is_restored_is_not_read_back(struct kunit *test)
{
	struct kvm_shared_msr_set *set = define_set(test, GUEST_LSTAR);
	u64 host, restored, written;
	unsigned long flags;

	flags = enter_cpu();
	host = hardware(MSR_STAR);
	set->passthrough = BIT(0);
	kvm_load_shared_msrs(set, BIT(0));
	/* Nobody reads it back before it is restored: it is lost. */
	wrmsrl(MSR_STAR, GUEST_STAR + 1);
	return_to_user_mode();
	restored = hardware(MSR_STAR);
	kvm_read_back_shared_msrs(set);
	written = set->msrs[0].data;
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, restored, host);
	KUNIT_EXPECT_EQ(test, written, (u64)GUEST_STAR);
}

static void an_offline_cpu_loads_nothing(struct kunit *test)
{
	int slot = define(MSR_STAR);
	u64 host, dropped, refused, loaded, left;
	int err_offline, err_online;
	unsigned long flags;

	flags = enter_cpu();
	host = hardware(MSR_STAR);
	kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull);
	kvm_shared_msr_cpu_offline();
	dropped = hardware(MSR_STAR);
	err_offline = kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull);
	refused = hardware(MSR_STAR);

	kvm_shared_msr_cpu_online();
	err_online = kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull);
	loaded = hardware(MSR_STAR);
	kvm_shared_msr_cpu_offline();
	left = hardware(MSR_STAR);
	leave_cpu(flags);

	KUNIT_EXPECT_EQ(test, dropped, host);
	KUNIT_EXPECT_EQ(test, err_offline, 1);
	KUNIT_EXPECT_EQ(test, refused, host);
	KUNIT_EXPECT_EQ(test, err_online, 0);
	KUNIT_EXPECT_EQ(test, loaded, (u64)GUEST_STAR);
	KUNIT_EXPECT_EQ(test, left, host);
}

/* An IPI handler: interrupts are disabled. */
static void load_and_restore(void *right)
{
	int slot = kvm_find_shared_msr(MSR_STAR);
	u64 host = hardware(MSR_STAR);

	kvm_shared_msr_cpu_online();
	*(bool *)right = !kvm_set_shared_msr(VM, slot, GUEST_STAR, ~0ull) &&
			 hardware(MSR_STAR) == GUEST_STAR;
	kvm_shared_msr_cpu_offline();
	*(bool *)right &= hardware(MSR_STAR) == host;
}

static void every_cpu_loads_and_restores(struct kunit *test)
{
	int cpu;

	KUNIT_EXPECT_EQ(test, define(MSR_STAR), 0);
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		bool right = false;

		KUNIT_EXPECT_EQ(test,
				smp_call_function_single(cpu, load_and_restore,
							 &right, true),
				0);
		KUNIT_EXPECT_TRUE(test, right);
	}
	cpus_read_unlock();
}

static int shared_msrs_test_init(struct kunit *test)
{
	fred = false;
	return kvm_shared_msrs_init();
}

static void shared_msrs_test_exit(struct kunit *test)
{
	kvm_shared_msrs_exit();
}

static struct kunit_case shared_msrs_test_cases[] = {
	KUNIT_CASE(slots_are_handed_out_in_order),
	KUNIT_CASE(a_duplicate_is_refused),
	KUNIT_CASE(the_table_takes_16),
	KUNIT_CASE(an_absent_msr_is_refused),
	KUNIT_CASE(a_read_only_msr_is_refused),
	KUNIT_CASE(values_are_loaded_and_restored),
	KUNIT_CASE(with_fred_what_user_mode_does_not_use_stays_loaded),
	KUNIT_CASE(an_equal_value_is_not_written),
	KUNIT_CASE(only_dirty_slots_are_restored),
	KUNIT_CASE(bits_outside_the_mask_stay_the_hosts),
	KUNIT_CASE(the_notifier_lives_while_a_slot_is_dirty),
	KUNIT_CASE(a_value_that_raises_gp_changes_nothing),
	KUNIT_CASE(a_secret_value_is_compared_with_the_vms_own_only),
	KUNIT_CASE(a_set_is_loaded_at_once),
	KUNIT_CASE(a_refused_value_of_a_set_leaves_the_others),
	KUNIT_CASE(a_set_counts_as_loaded_until_a_change),
	KUNIT_CASE(what_the_guest_writes_is_read_back),
	KUNIT_CASE(what_is_restored_is_not_read_back),
	KUNIT_CASE(an_offline_cpu_loads_nothing),
	KUNIT_CASE(every_cpu_loads_and_restores),
	{}
};

static struct kunit_suite shared_msrs_test_suite = {
	.name = "kvm-shared-msrs",
	.init = shared_msrs_test_init,
	.exit = shared_msrs_test_exit,
	.test_cases = shared_msrs_test_cases,
};

kunit_test_suite(shared_msrs_test_suite);

MODULE_DESCRIPTION("KUnit tests of KVM's shared MSR core");
MODULE_LICENSE("GPL");
