// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of shared MSRs follow a vCPU through changes of its mode.
 *
 * Which MSRs are active depends on EFER and CR0.PG. So take a vCPU to
 * compatibility mode, and out of long mode and back, with EFER.SCE clear and set
 * before, inside and after, and look at the effects every time. Then let SMIs come
 * there, and see that the VMM keeps its GS.
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

/* RSM takes EFER from memory, and CPUID says in which of two forms. */
static const char *skip_smm(void)
{
	return kvm_has_cap(KVM_CAP_X86_SMM) ? NULL : "KVM offers no SMM";
}

/* At a TRIP_STOP: the SMI comes first when the guest goes on. */
static void send_smi(struct guest *g)
{
	script_run_to_stop(g);
	vcpu_ioctl(g->vcpu, KVM_SMI, NULL);
}

static void check_smi(struct guest *g, const u16 *smis, u32 expected, u64 gs_base)
{
	script_check_point(POINT_STATE, "SMIs", expected, READ_ONCE(*smis));
	script_check_point(POINT_STATE, "KERNEL_GS_BASE", gs_base,
			   vcpu_get_msr(g->vcpu, MSR_KERNEL_GS_BASE));
}

static void run_smi(struct guest *unused)
{
	const u16 *smis;
	u64 gs_base;
	struct guest g;
	int i;

	script_create(&g, 1);
	smis = vm_add_smram(g.vm, g.vcpu);
	script_start(&g);
	for (i = 0; i < 8; i++) {
		gs_base = 0xffff800000000000ULL + ++tally_step * 4096;
		vcpu_set_msr(g.vcpu, MSR_KERNEL_GS_BASE, gs_base);
		script_add_wrmsr(&g, SHARED_EFER,
				 i & 1 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE);
		if (i & 4)
			script_add_see(&g);
		script_add_trip(&g, TRIP_STOP | (i & 2 ? TRIP_LEGACY : 0),
				g.values[SHARED_EFER], true);
		send_smi(&g);
		script_trip_ends(&g);
		script_run_see(&g);
		check_smi(&g, smis, i + 1, gs_base);
	}
	script_run_end(&g);
	script_free(&g);
}

/* A guest that never was in long mode: its CPUID has none. */
static void run_smi_32(struct guest *other)
{
	const u64 gs_base = 0x00007fff12345000ULL;
	struct trip *trip;
	const u16 *smis;
	struct guest g;
	int i;

	for (i = 0; i < 2; i++) {
		script_create(&g, 1);
		smis = vm_add_smram(g.vm, g.vcpu);
		vcpu_clear_cpuid_feature(g.vcpu, X86_FEATURE_LM);
		script_set_values(&g);
		vcpu_set_msr(g.vcpu, MSR_KERNEL_GS_BASE, gs_base);
		trip = script_add_trip(&g, TRIP_LEGACY | TRIP_STOP | TRIP_END,
				       i ? EFER_SCE : 0, true);
		script_start_in_trip(&g, trip);
		g.values[SHARED_EFER] = trip->efer_inside;
		send_smi(&g);
		script_trip_ends(&g);
		script_run_to_stop(&g);
		check_smi(&g, smis, 1, gs_base);
		g.script->done = g.script->nr;
		script_check(&g);
		script_free(&g);
	}
	script_run_end(other);
}

/* KVM_RUN begins in one mode of the guest, and ends in another. */
static void run_gs(struct guest *g, const struct host_gs *gs)
{
	static const struct host_gs none;

	script_gs = gs;
	run_trips(g, TRIP_LEGACY, GUEST_EFER);
	run_trips(g, 0, GUEST_EFER);
	script_gs = NULL;
	host_set_gs(&none);
	script_run_end(g);
}

static u64 gs_memory = 0x6d6d6d6d;

static void run_gs_64(struct guest *g)
{
	const struct host_gs gs = {
		.base = (uintptr_t)&gs_memory,
		.memory = &gs_memory,
	};

	run_gs(g, &gs);
}

static void run_gs_32(struct guest *g)
{
	const struct host_gs gs = host_gs_segment(&gs_memory);

	run_gs(g, &gs);
}

static struct scenario scenarios[] = {
	{ "compatibility mode", run_compat, POINTS_32 },
	{ "out of long mode and back", run_legacy, POINTS_32 },
	{ "32-bit code with AMD's CPUID", run_amd, POINTS_32, skip_amd },
	{ "SMI and RSM", run_smi, POINTS_32 | BIT(POINT_STATE), skip_smm },
	{ "SMI and RSM without long mode", run_smi_32, POINTS_32 | BIT(POINT_STATE), skip_smm },
	{ "64-bit VMM", run_gs_64, POINTS_32 | BIT(POINT_HOST_GS) },
	{ "32-bit VMM", run_gs_32, POINTS_32 | BIT(POINT_HOST_GS), host_gs_segment_skip },
};

int main(int argc, char *argv[])
{
	run_scenarios(scenarios, ARRAY_SIZE(scenarios));
}
