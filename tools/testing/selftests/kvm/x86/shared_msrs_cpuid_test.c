// SPDX-License-Identifier: GPL-2.0-only
/*
 * The value of TSC_AUX follows a vCPU through changes of its CPUID.
 *
 * TSC_AUX is active if the guest's CPUID has RDTSCP or RDPID, which user space may
 * add late or take away. So do that before and after the vCPU has run, change the
 * value while the guest must not see it, and look at the effects every time.
 */
#include "shared_msrs_script.h"

static void set_features(struct guest *g, bool rdtscp, bool rdpid)
{
	guest_has.rdtscp = rdtscp;
	guest_has.rdpid = rdpid;
	/* Linux 5.10 lets only guests with RDTSCP access the MSR. */
	guest_has.msr[SHARED_TSC_AUX] = rdtscp;
	sync_global_to_guest(g->vm, guest_has);
}

static int try_tsc_aux_cpuid(struct guest *g, bool rdtscp, bool rdpid)
{
	struct kvm_cpuid_entry2 *leaf1 = vcpu_get_cpuid_entry(g->vcpu,
							      0x80000001);
	struct kvm_cpuid_entry2 *leaf7 = vcpu_get_cpuid_entry(g->vcpu, 7);

	leaf1->edx &= ~BIT(27);
	leaf7->ecx &= ~BIT(22);
	if (rdtscp)
		leaf1->edx |= BIT(27);
	if (rdpid)
		leaf7->ecx |= BIT(22);
	if (__vcpu_set_cpuid(g->vcpu))
		return -1;
	/* KVM enables RTM for guests that have it in CPUID. */
	if (guest_has.msr[SHARED_TSX_CTRL])
		script_set_msr(g, SHARED_TSX_CTRL, g->values[SHARED_TSX_CTRL]);
	return 0;
}

static void set_tsc_aux_cpuid(struct guest *g, bool rdtscp, bool rdpid)
{
	TEST_ASSERT(!try_tsc_aux_cpuid(g, rdtscp, rdpid),
		    "KVM_SET_CPUID2 failed, errno: %i", errno);
	set_features(g, rdtscp, rdpid);
}

/* KVM_SET_MSRS of TSC_AUX, which may be refused where CPUID does not have it. */
static void set_hidden_tsc_aux(struct guest *g)
{
	u64 value = shared_msr_value(SHARED_TSC_AUX, ++tally_step);

	if (_vcpu_set_msr(g->vcpu, MSR_TSC_AUX, value) == 1)
		g->values[SHARED_TSC_AUX] = value;
}

static void check_hidden_tsc_aux(struct guest *g)
{
	script_check_point(POINT_STATE, "TSC_AUX", g->values[SHARED_TSC_AUX],
			   vcpu_get_msr(g->vcpu, MSR_TSC_AUX));
}

static void add_try(struct guest *g)
{
	script_add_op(g, OP_TRY)->value = host_has_rdpid();
}

static void run_try(struct guest *g, bool and_see)
{
	add_try(g);
	if (and_see)
		script_add_see(g);
	script_run(g);
	check_hidden_tsc_aux(g);
}

/* RDTSCP or RDPID work, and no longer once CPUID has lost them. */
static void run_features(struct guest *g, bool rdtscp, bool rdpid)
{
	script_run_see(g);
	script_add_wrmsr(g, SHARED_TSC_AUX,
			 shared_msr_value(SHARED_TSC_AUX, ++tally_step));
	script_run_see(g);
	if (!try_tsc_aux_cpuid(g, false, false)) {
		set_features(g, false, false);
		run_try(g, true);
		set_hidden_tsc_aux(g);
		set_tsc_aux_cpuid(g, rdtscp, rdpid);
		script_run_see(g);
	}
	script_run_end(g);
}

/* A guest whose CPUID gets @rdtscp and @rdpid only when its EFER is set. */
static void run_late(bool rdtscp, bool rdpid, bool ran, bool host_sets)
{
	struct guest g;

	script_create(&g, 1);
	set_tsc_aux_cpuid(&g, false, false);
	/* EFER once more, so that TSC_AUX is found to be inactive. */
	script_set_values(&g);
	script_set_efer_by_sregs(&g, GUEST_EFER);
	g.values[SHARED_TSC_AUX] = 0;
	if (host_sets)
		set_hidden_tsc_aux(&g);
	check_hidden_tsc_aux(&g);

	if (ran) {
		script_run(&g);
		add_try(&g);
		script_add_see(&g);
		run_try(&g, false);
	}

	/* From 5.16 on KVM does not let a vCPU that ran change. */
	if (!try_tsc_aux_cpuid(&g, rdtscp, rdpid))
		set_features(&g, rdtscp, rdpid);
	else
		TEST_ASSERT(ran, "KVM_SET_CPUID2 failed, errno: %i", errno);
	if (!ran)
		script_run(&g);

	if (guest_has.rdtscp || guest_has.rdpid)
		run_features(&g, rdtscp, rdpid);
	else
		run_try(&g, false);
	script_free(&g);
}

/*
 * 5.10 goes by RDTSCP alone: RDPID is #UD there, and emulated by KVM, which finds
 * no TSC_AUX and takes 0. The host's is another one, unless this is CPU 0.
 */
static void run_rdpid_alone(void)
{
	struct op *op;
	struct guest g;

	script_create(&g, 1);
	script_set_values(&g);
	script_set_efer_by_sregs(&g, GUEST_EFER);
	set_tsc_aux_cpuid(&g, false, true);
	script_run(&g);

	op = script_add_op(&g, OP_TRY_RDPID);
	TEST_ASSERT(!script_run_once(&g), "unexpected stop");
	if (op->vectors[TRY_RDPID] == UD_VECTOR) {
		ksft_print_msg("RDPID without RDTSCP is #UD\n");
	} else if (!op->results[TRY_RDPID]) {
		ksft_print_msg("RDPID without RDTSCP is 0\n");
	} else {
		script_check(&g);
		set_hidden_tsc_aux(&g);
		script_run_see(&g);
	}
	script_free(&g);
}

static const char *skip_cpuid(void)
{
	return guest_has.msr[SHARED_TSC_AUX] ? NULL : "KVM offers no TSC_AUX";
}

static void run_cpuid(struct guest *unused)
{
	struct guest_features all = guest_has;
	int i;

	for (i = 0; i < 4; i++) {
		run_late(all.rdtscp, all.rdpid, i & 1, i & 2);
		if (all.rdtscp && all.rdpid)
			run_late(true, false, i & 1, i & 2);
	}
	if (all.rdtscp && all.rdpid)
		run_rdpid_alone();

	/* As it was for the other guests. */
	guest_has = all;
}

/* Whatever CPUID says, a guest cannot have what the CPU does not have. */
static void run_claim(struct guest *unused)
{
	struct guest g;
	struct op *op;
	int i;

	script_create(&g, 1);
	TEST_ASSERT(!try_tsc_aux_cpuid(&g, true, false),
		    "KVM_SET_CPUID2 failed, errno: %i", errno);
	script_start(&g);
	for (i = 0; i < 2; i++) {
		op = script_add_op(&g, OP_TRY_RDTSCP);
		script_run_see(&g);
		script_check_point(POINT_NO_TSC_AUX, "RDTSCP", UD_VECTOR,
				   op->vectors[TRY_RDTSCP]);
	}
	script_run_end(&g);
	script_free(&g);
}

static const char *skip_claim(void)
{
	return guest_has.msr[SHARED_TSC_AUX] ? "KVM offers TSC_AUX" : NULL;
}

static struct scenario scenarios[] = {
	{ "CPUID set late", run_cpuid,
	  BIT(POINT_NO_TSC_AUX) | BIT(POINT_STATE), skip_cpuid },
	{ "CPUID claims RDTSCP", run_claim, BIT(POINT_NO_TSC_AUX), skip_claim },
};

int main(int argc, char *argv[])
{
	run_scenarios(scenarios, ARRAY_SIZE(scenarios));
}
