// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of shared MSRs follow a vCPU through changes of its EFER.
 *
 * With EFER.SCE clear SYSCALL's MSRs are not active, and their values may change
 * meanwhile. So clear and set EFER.SCE in all the ways that guest and user space
 * have, and look at the effects every time.
 */
#include "shared_msrs_script.h"

#define EFER_CLEAR	(GUEST_EFER & ~EFER_SCE)

enum way {
	BY_WRMSR,
	BY_SET_MSRS,
	BY_SET_SREGS,
	NR_WAYS
};

static void set_efer(struct guest *g, enum way how, u64 efer)
{
	if (how == BY_WRMSR)
		script_add_wrmsr(g, SHARED_EFER, efer);
	else if (how == BY_SET_MSRS)
		script_set_msr(g, SHARED_EFER, efer);
	else
		script_set_efer_by_sregs(g, efer);
}

static void run_sce(struct guest *g)
{
	int off, on;

	for (off = 0; off < NR_WAYS; off++) {
		for (on = 0; on < NR_WAYS; on++) {
			set_efer(g, off, EFER_CLEAR);
			script_run_see(g);

			/* Not active yet. */
			script_set_values(g);
			if (on == BY_WRMSR)
				script_add_see(g);
			set_efer(g, on, GUEST_EFER);
			if (on == BY_WRMSR)
				script_run_see(g);
			script_run_see(g);
		}
	}

	/* While loaded, without any trip to user mode. */
	script_add_see(g);
	script_add_wrmsr(g, SHARED_EFER, EFER_CLEAR);
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	script_add_see(g);
	script_add_wrmsr(g, SHARED_EFER, EFER_CLEAR);
	script_add_wrmsr(g, SHARED_EFER, EFER_CLEAR & ~EFER_NX);
	script_add_see(g);
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER & ~EFER_NX);
	script_run_see(g);

	/* KVM_SET_MSRS sets the values before and after EFER. */
	script_set_msr(g, SHARED_EFER, EFER_CLEAR);
	script_set_values(g);
	script_set_msr(g, SHARED_EFER, GUEST_EFER);
	script_set_values(g);
	script_run_see(g);
	script_run_end(g);
}

static void run_sregs(struct guest *g)
{
	struct kvm_sregs sregs, legacy;
	int i;

	vcpu_sregs_get(g->vcpu, &sregs);
	vcpu_sregs_set(g->vcpu, &sregs);
	script_run_see(g);
	for (i = 0; i < 3; i++)
		vcpu_sregs_set(g->vcpu, &sregs);
	script_set_values(g);
	vcpu_sregs_set(g->vcpu, &sregs);
	script_run_see(g);

	/* Out of long mode and back between two runs, and changed meanwhile. */
	for (i = 0; i < 4; i++) {
		vcpu_sregs_get(g->vcpu, &sregs);
		legacy = sregs;
		legacy.cr0 &= ~X86_CR0_PG;
		legacy.efer = i & 1 ? EFER_SCE : 0;
		legacy.cs.l = 0;
		legacy.cs.db = 1;
		if (i & 2)
			script_set_values(g);
		vcpu_sregs_set(g->vcpu, &legacy);
		script_check_point(POINT_GET_MSRS, "EFER", legacy.efer,
				   vcpu_get_msr(g->vcpu, MSR_EFER));
		if (!(i & 2))
			script_set_values(g);
		vcpu_sregs_set(g->vcpu, &sregs);
		script_run_see(g);
		vcpu_sregs_set(g->vcpu, &legacy);
		vcpu_sregs_set(g->vcpu, &sregs);
		script_run_see(g);
	}
	script_run_end(g);
}

static struct scenario scenarios[] = {
	{ "EFER.SCE cleared and set", run_sce },
	{ "KVM_SET_SREGS", run_sregs },
};

int main(int argc, char *argv[])
{
	run_scenarios(scenarios, ARRAY_SIZE(scenarios));
}
