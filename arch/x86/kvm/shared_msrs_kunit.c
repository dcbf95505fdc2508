// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit suite for the shared MSR core, against this machine's MSRs.
 *
 * The module has an instance of the core to itself, so that it can be run
 * beside KVM. What is checked is read back with RDMSR and not from the core's
 * fields. A test has preemption disabled while it has guest values loaded,
 * hence EXPECT and never ASSERT.
 */
#include <linux/export.h>

/* kvm.ko exports the functions of its instance. */
#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(symbol)

#include "shared_msrs.c"

#include <kunit/test.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/thread_info.h>

#define GUEST_STAR	0x0058005000000000ull
#define GUEST_LSTAR	0xffffffffdead0000ull
#define GUEST_MASK	0x8d5ull
#define NON_CANONICAL	0x8000000000000000ull

/* Intel SDM volume 4: read-only; and the first of eight MSRs in a row. */
#define MTRRCAP		0xfe
#define MTRR_FIX4K	0x268

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

/* Until leave_cpu() the test stays on this CPU, which loads guest values. */
static void enter_cpu(void)
{
	preempt_disable();
	kvm_shared_msr_cpu_online();
}

static void leave_cpu(void)
{
	drop_user_return_notifiers();
	preempt_enable();
}

static void slots_are_handed_out_in_order(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MSR_STAR), 0);
	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MSR_LSTAR), 1);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MSR_STAR), 0);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MSR_LSTAR), 1);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MSR_CSTAR), -ENOENT);
}

static void a_duplicate_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MSR_STAR), 0);
	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MSR_STAR), -EEXIST);
	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MSR_LSTAR), 1);
}

static void the_table_takes_16(struct kunit *test)
{
	static const u32 msrs[KVM_NR_SHARED_MSRS] = {
		MSR_STAR, MSR_LSTAR, MSR_CSTAR, MSR_SYSCALL_MASK, MSR_EFER,
		MSR_FS_BASE, MSR_GS_BASE, MSR_KERNEL_GS_BASE,
		MSR_IA32_SYSENTER_CS, MSR_IA32_SYSENTER_ESP,
		MSR_IA32_SYSENTER_EIP, MSR_IA32_CR_PAT, MTRR_FIX4K,
		MTRR_FIX4K + 1, MTRR_FIX4K + 2, MTRR_FIX4K + 3,
	};
	const u32 one_more = MTRR_FIX4K + 4;
	int i;

	for (i = 0; i < KVM_NR_SHARED_MSRS; i++)
		KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(msrs[i]), i);
	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(one_more), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(one_more), -ENOENT);
}

static void an_absent_msr_is_refused(struct kunit *test)
{
	/* Belongs to nobody: below Intel's hypervisor range. */
	const u32 absent = 0x3fffffff;
	u64 value;

	if (!rdmsrl_safe(absent, &value))
		kunit_skip(test, "this CPU takes RDMSR of any MSR");

	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(absent), -ENXIO);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(absent), -ENOENT);
}

static void a_read_only_msr_is_refused(struct kunit *test)
{
	u64 value = hardware(MTRRCAP);

	if (!wrmsrl_safe(MTRRCAP, value))
		kunit_skip(test, "this CPU takes WRMSR of MTRRCAP");

	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MTRRCAP), -ENXIO);
	KUNIT_EXPECT_EQ(test, kvm_find_shared_msr(MTRRCAP), -ENOENT);
}

static void a_value_is_loaded_and_restored(struct kunit *test)
{
	int star = kvm_define_shared_msr(MSR_STAR);
	int lstar = kvm_define_shared_msr(MSR_LSTAR);
	u64 host_star, host_lstar;

	enter_cpu();
	host_star = hardware(MSR_STAR);
	host_lstar = hardware(MSR_LSTAR);

	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(star, GUEST_STAR, ~0ull), 0);
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(lstar, GUEST_LSTAR, ~0ull), 0);
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), (u64)GUEST_STAR);
	KUNIT_EXPECT_EQ(test, hardware(MSR_LSTAR), (u64)GUEST_LSTAR);

	return_to_user_mode();
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), host_star);
	KUNIT_EXPECT_EQ(test, hardware(MSR_LSTAR), host_lstar);
	leave_cpu();
}

static void an_equal_value_is_not_written(struct kunit *test)
{
	int slot = kvm_define_shared_msr(MSR_STAR);

	enter_cpu();
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, GUEST_STAR, ~0ull), 0);

	/* Changed behind its back: a WRMSR would put the value back. */
	wrmsrl(MSR_STAR, GUEST_STAR + 1);
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, GUEST_STAR, ~0ull), 0);
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), (u64)GUEST_STAR + 1);
	leave_cpu();
}

static void only_dirty_slots_are_restored(struct kunit *test)
{
	int star = kvm_define_shared_msr(MSR_STAR);
	u64 host_mask;

	kvm_define_shared_msr(MSR_SYSCALL_MASK);

	enter_cpu();
	host_mask = hardware(MSR_SYSCALL_MASK);
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(star, GUEST_STAR, ~0ull), 0);

	/* Changed behind its back: a WRMSR would put the host's value back. */
	wrmsrl(MSR_SYSCALL_MASK, GUEST_MASK);
	return_to_user_mode();
	KUNIT_EXPECT_EQ(test, hardware(MSR_SYSCALL_MASK), (u64)GUEST_MASK);

	wrmsrl(MSR_SYSCALL_MASK, host_mask);
	leave_cpu();
}

static void bits_outside_the_mask_stay_the_hosts(struct kunit *test)
{
	int slot = kvm_define_shared_msr(MSR_SYSCALL_MASK);
	const u64 mask = 0xff;
	u64 host;

	enter_cpu();
	host = hardware(MSR_SYSCALL_MASK);
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, ~host, mask), 0);
	KUNIT_EXPECT_EQ(test, hardware(MSR_SYSCALL_MASK), host ^ mask);
	leave_cpu();
}

static void the_notifier_lives_while_a_slot_is_dirty(struct kunit *test)
{
	int slot = kvm_define_shared_msr(MSR_STAR);

	enter_cpu();
	KUNIT_EXPECT_FALSE(test, notifier_pending());
	KUNIT_EXPECT_EQ(test,
			kvm_set_shared_msr(slot, hardware(MSR_STAR), ~0ull), 0);
	KUNIT_EXPECT_FALSE(test, notifier_pending());

	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, GUEST_STAR, ~0ull), 0);
	KUNIT_EXPECT_TRUE(test, notifier_pending());

	return_to_user_mode();
	KUNIT_EXPECT_FALSE(test, notifier_pending());
	leave_cpu();
}

static void a_value_that_raises_gp_changes_nothing(struct kunit *test)
{
	int slot = kvm_define_shared_msr(MSR_LSTAR);
	bool taken;
	u64 host;

	enter_cpu();
	host = hardware(MSR_LSTAR);
	taken = !wrmsrl_safe(MSR_LSTAR, NON_CANONICAL);
	wrmsrl(MSR_LSTAR, host);
	if (!taken) {
		KUNIT_EXPECT_EQ(test,
				kvm_set_shared_msr(slot, NON_CANONICAL, ~0ull),
				1);
		KUNIT_EXPECT_EQ(test, hardware(MSR_LSTAR), host);
		KUNIT_EXPECT_FALSE(test, notifier_pending());
		KUNIT_EXPECT_EQ(test,
				kvm_set_shared_msr(slot, GUEST_LSTAR, ~0ull),
				0);
	}
	leave_cpu();

	if (taken)
		kunit_skip(test, "this CPU takes a non-canonical LSTAR");
}

static void an_offline_cpu_loads_nothing(struct kunit *test)
{
	int slot = kvm_define_shared_msr(MSR_STAR);
	u64 host;

	enter_cpu();
	host = hardware(MSR_STAR);
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, GUEST_STAR, ~0ull), 0);

	drop_user_return_notifiers();
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), host);
	KUNIT_EXPECT_FALSE(test, notifier_pending());
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, GUEST_STAR, ~0ull), 1);
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), host);

	kvm_shared_msr_cpu_online();
	KUNIT_EXPECT_EQ(test, kvm_set_shared_msr(slot, GUEST_STAR, ~0ull), 0);
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), (u64)GUEST_STAR);
	leave_cpu();
	KUNIT_EXPECT_EQ(test, hardware(MSR_STAR), host);
}

static void load_and_restore(void *star_is_right)
{
	int slot = kvm_find_shared_msr(MSR_STAR);
	u64 host = hardware(MSR_STAR);

	kvm_shared_msr_cpu_online();
	*(bool *)star_is_right =
		!kvm_set_shared_msr(slot, GUEST_STAR, ~0ull) &&
		hardware(MSR_STAR) == GUEST_STAR;
	drop_user_return_notifiers();
	*(bool *)star_is_right &= hardware(MSR_STAR) == host;
}

static void every_cpu_loads_and_restores(struct kunit *test)
{
	int cpu;

	KUNIT_EXPECT_EQ(test, kvm_define_shared_msr(MSR_STAR), 0);
	for_each_online_cpu(cpu) {
		bool star_is_right = false;

		KUNIT_EXPECT_EQ(test,
				smp_call_function_single(cpu, load_and_restore,
							 &star_is_right, true),
				0);
		KUNIT_EXPECT_TRUE(test, star_is_right);
	}
}

static int shared_msrs_test_init(struct kunit *test)
{
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
	KUNIT_CASE(a_value_is_loaded_and_restored),
	KUNIT_CASE(an_equal_value_is_not_written),
	KUNIT_CASE(only_dirty_slots_are_restored),
	KUNIT_CASE(bits_outside_the_mask_stay_the_hosts),
	KUNIT_CASE(the_notifier_lives_while_a_slot_is_dirty),
	KUNIT_CASE(a_value_that_raises_gp_changes_nothing),
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
