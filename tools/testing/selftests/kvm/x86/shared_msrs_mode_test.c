// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of shared MSRs follow a vCPU through changes of its mode.
 *
 * Which MSRs are active depends on EFER and CR0.PG. So take a vCPU to
 * compatibility mode, and out of long mode and back, with EFER.SCE clear and set
 * before, inside and after, and look at the effects every time.
 */
#include "shared_msrs_script.h"

/* There and back: nothing changed there, changed there, changed by the host. */
static void run_trips(struct guest *g, u32 flags, u64 efer)
{
	script_add_see(g);
	script_add_trip(g, flags, efer, false);
	script_add_see(g);
	script_add_trip(g, flags, efer, true);
	script_add_see(g);
	script_add_trip(g, flags, efer, true);
	script_add_trip(g, flags, efer, false);
	script_run_see(g);

	script_add_see(g);
	script_add_trip(g, flags | TRIP_STOP, efer, true);
	script_run_to_stop(g);
	script_trip_ends(g);
	script_run_see(g);

	script_add_trip(g, flags | TRIP_STOP, efer, false);
	script_run_to_stop(g);
	script_set_values(g);
	script_check_get_msrs(g);
	script_trip_ends(g);
	script_run_see(g);
}

static void run_compat(struct guest *g)
{
	run_trips(g, 0, GUEST_EFER);

	/* SYSCALL is #UD for everyone. */
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	script_add_trip(g, 0, 0, true);
	script_add_see(g);
	script_add_wrmsr(g, SHARED_EFER, GUEST_EFER);
	script_add_trip(g, 0, 0, false);
	script_run_see(g);
	script_run_end(g);
}

/* Long mode left and entered with and without SCE before, inside and after. */
static void run_legacy(struct guest *g)
{
	struct trip *trip;
	int cpu = script_cpu;
	int i;

	run_trips(g, TRIP_LEGACY, GUEST_EFER);
	run_trips(g, TRIP_LEGACY, GUEST_EFER & ~EFER_SCE);
	script_run_end(g);

	for (i = 0; i < 8; i++) {
		script_add_wrmsr(g, SHARED_EFER,
				 i & 1 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE);
		trip = script_add_trip(g, TRIP_LEGACY | TRIP_STOP,
				       i & 2 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE,
				       true);
		/* CR0.PG alone, with EFER.LME left set; and the other SCE. */
		if (i & 4)
			trip->efer_inside |= EFER_LME;
		else
			trip->efer_inside ^= EFER_SCE;
		g->values[SHARED_EFER] = trip->efer_inside;
		script_run_to_stop(g);
		script_cpu = host_pin_next(script_cpu);
		script_trip_ends(g);
		script_run_see(g);
		script_run_see(g);
	}
	script_cpu = host_pin(cpu);
	script_run_end(g);
}

static const char *skip_amd(void)
{
	return is_kvm_amd() ? "the CPU is one of AMD's anyway" : NULL;
}

/* Intel CPUs have no SYSCALL in 32-bit code; KVM emulates it for such guests. */
static void run_amd(struct guest *unused)
{
	struct guest g;

	script_create(&g, 1);
	vcpu_set_vendor(g.vcpu, "AuthenticAMD");
	g.syscall32 = true;

	script_start(&g);
	run_compat(&g);
	run_legacy(&g);
	script_free(&g);
}

static struct scenario scenarios[] = {
	{ "compatibility mode", run_compat, POINTS_32 },
	{ "out of long mode and back", run_legacy, POINTS_32 },
	{ "32-bit code with AMD's CPUID", run_amd, POINTS_32, skip_amd },
};

int main(int argc, char *argv[])
{
	run_scenarios(scenarios, ARRAY_SIZE(scenarios));
}
