// SPDX-License-Identifier: GPL-2.0-only
/*
 * TSX_CTRL in hardware has the guest's RTM_DISABLE, and never its CPUID_CLEAR.
 *
 * CPUID_CLEAR is for KVM alone to apply, as CPUID exits: in hardware it would
 * hide TSX from the host's kernel, too. No instruction of the guest's shows
 * whether it is there, and none of user mode's, where the host's value is back.
 * So another CPU looks, through the msr driver: that reads the MSR in an
 * interrupt of the guest's CPU, which is in the kernel then.
 */
#include "shared_msrs.h"

/* Of the MSR, while the guest runs with one value. */
#define LOOKS		100

enum way {
	BY_WRMSR,
	BY_IOCTL,
	NR_WAYS
};

static const char * const way_names[NR_WAYS] = {
	[BY_WRMSR] = "WRMSR",
	[BY_IOCTL] = "KVM_SET_MSRS",
};

/* In guest memory: the host looks at it and changes it while the guest runs. */
static struct job {
	/* Written by the host. */
	u64 value;
	bool by_guest;
	bool leave;
	/* Written by the guest. */
	bool loaded;
	struct tally rdmsr, cpuid, rtm;
} job;

/* --- Guest --- */

static void guest_code(void)
{
	for (;;) {
		if (job.by_guest)
			wrmsr(MSR_IA32_TSX_CTRL, job.value);
		while (!READ_ONCE(job.leave)) {
			/* These are exits to the kernel. */
			tally_check(&job.rdmsr, "RDMSR", job.value,
				    rdmsr(MSR_IA32_TSX_CTRL));
			tally_check(&job.cpuid, "CPUID has RTM",
				    !(job.value & TSX_CTRL_CPUID_CLEAR),
				    this_cpu_has(X86_FEATURE_RTM));
			if (job.value & TSX_CTRL_RTM_DISABLE)
				tally_check(&job.rtm, "transactions", 0,
					    guest_transactions());
			WRITE_ONCE(job.loaded, true);
		}
		GUEST_SYNC(job.value);
	}
}

/* --- Host --- */

static struct kvm_vm *vm;
static struct kvm_vcpu *vcpu;
static int guest_cpu;

static struct tally host[NR_HOST_EFFECTS];

static void *vcpu_main(void *unused)
{
	host_pin(guest_cpu);
	vcpu_run(vcpu);
	host_check(host);
	host_check_msrs(guest_cpu, &host[HOST_MSRS]);
	vcpu_check_sync(vcpu);
	return NULL;
}

/*
 * Should a user thread come between on the guest's CPU, the host's value is
 * there meanwhile.
 */
static void look(struct tally *loaded, struct tally *clear)
{
	u64 expected = job.value & ~TSX_CTRL_CPUID_CLEAR;
	u64 value, guests = 0;
	int i;

	for (i = 0; i < LOOKS; i++) {
		TEST_ASSERT(host_read_msr(guest_cpu, SHARED_TSX_CTRL, &value),
			    "cannot read TSX_CTRL of CPU %d", guest_cpu);
		tally_check(clear, "TSX_CTRL_CPUID_CLEAR", 0,
			    value & TSX_CTRL_CPUID_CLEAR);
		guests += (value & ~TSX_CTRL_CPUID_CLEAR) == expected;
	}
	tally_check_min(loaded, "looks that see the guest's value", 1, guests);
}

static void step(u64 value, enum way way, struct tally *loaded,
		 struct tally *clear)
{
	struct job *live = addr_gva2hva(vm, (uintptr_t)&job);
	pthread_t thread;

	tally_step++;
	job.value = value;
	job.by_guest = way == BY_WRMSR;
	job.leave = false;
	job.loaded = false;
	sync_global_to_guest(vm, job);
	if (way == BY_IOCTL)
		vcpu_set_msr(vcpu, MSR_IA32_TSX_CTRL, value);

	host_thread(&thread, vcpu_main, NULL);
	while (!READ_ONCE(live->loaded))
		sched_yield();
	look(loaded, clear);
	WRITE_ONCE(live->leave, true);
	pthread_join(thread, NULL);
	sync_global_from_guest(vm, job);
}

int main(int argc, char *argv[])
{
	static const u64 values[] = {
		TSX_CTRL_RTM_DISABLE,
		0,
		TSX_CTRL_RTM_DISABLE | TSX_CTRL_CPUID_CLEAR,
		TSX_CTRL_CPUID_CLEAR,
	};
	struct tally loaded[NR_WAYS] = {}, clear[NR_WAYS] = {};
	int cpu, way, i;

	shared_msrs_test_init();
	guest_cpu = host_last_cpu();
	cpu = host_next_cpu(guest_cpu);
	if (cpu == guest_cpu)
		ksft_exit_skip("one CPU cannot look at another\n");
	if (host_before.skip_msrs)
		ksft_exit_skip("%s\n", host_before.skip_msrs);
	host_pin(cpu);
	vm = vm_create_with_one_vcpu(&vcpu, guest_code);
	guests_init(vm, &vcpu, 1);
	if (!guest_has.msr[SHARED_TSX_CTRL])
		ksft_exit_skip("%s\n", effect_skip(EFFECT_TSX_CTRL));
	report_plan(2 * NR_WAYS + 3 + NR_HOST_EFFECTS);

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		for (way = 0; way < NR_WAYS; way++)
			step(values[i], way, &loaded[way], &clear[way]);
	}

	for (way = 0; way < NR_WAYS; way++) {
		tally_report(&loaded[way], "by %s: the guest's value is in hardware",
			     way_names[way]);
		tally_report(&clear[way], "by %s: TSX_CTRL_CPUID_CLEAR is not in hardware",
			     way_names[way]);
	}
	tally_report(&job.rdmsr, "RDMSR reads the guest's value");
	tally_report(&job.cpuid, "CPUID follows the guest's TSX_CTRL_CPUID_CLEAR");
	tally_report(&job.rtm, "no transaction runs while the guest has RTM disabled");
	report_effects("after KVM_RUN", NULL, host);

	kvm_vm_free(vm);
	report_end();
}
