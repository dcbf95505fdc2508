// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of shared MSRs follow a vCPU wherever it goes.
 *
 * INIT a vCPU, restore it in a new VM, run vCPUs of different states in turn, let
 * VM-entry fail, change values on one CPU while another still has the old ones, and
 * look at the effects every time.
 */
#include "shared_msrs_script.h"

/* --- INIT --- */

/* INIT and SIPI have come, or will with the next KVM_RUN: @look. */
static void check_init(struct guest *ap, bool look)
{
	struct kvm_mp_state mp_state;
	struct kvm_sregs sregs;

	ap->values[SHARED_EFER] = 0;
	if (!look)
		return;
	vcpu_mp_state_get(ap->vcpu, &mp_state);
	script_check_point(POINT_STATE, "MP state", KVM_MP_STATE_RUNNABLE,
			   mp_state.mp_state);
	vcpu_sregs_get(ap->vcpu, &sregs);
	script_check_point(POINT_STATE, "CS base", SIPI_GPA, sregs.cs.base);
	script_check_point(POINT_STATE, "CR0.PE", 0, sregs.cr0 & X86_CR0_PE);
	script_check_get_msrs(ap);
}

/*
 * INIT clears EFER and leaves the other MSRs alone (Intel SDM volume 3, "IA-32
 * and Intel 64 Processor States Following Power-up, Reset, or INIT"; AMD APM
 * volume 2, "Processor Initialization State"). The CPU that gets it is in
 * 32-bit code, and goes on there after SIPI.
 */
static void run_init(struct guest *unused)
{
	struct guest guests[2], *boot = &guests[0], *ap = &guests[1];
	struct trip *trip;
	u64 efer;
	int i;

	script_create(guests, 2);
	script_start(boot);
	script_start(ap);

	for (i = 0; i < 16; i++) {
		efer = i & 2 ? GUEST_EFER : GUEST_EFER & ~EFER_SCE;
		trip = script_add_trip(ap, TRIP_STOP | (i & 1 ? TRIP_LEGACY : 0),
				       efer, true);
		*(u32 *)(addr_gpa2hva(ap->vm, SIPI_GPA) +
			 (trip_sipi_trip - trip_sipi)) =
			LOW_SCRIPTS + SCRIPT_PAGES * PAGE_BYTES +
			((void *)trip - (void *)ap->script);
		script_run_to_stop(ap);
		vcpu_run_complete_io(ap->vcpu);
		script_check_host(ap);

		script_add_op(boot, OP_INIT)->value = ap->id;
		script_run_see(boot);
		check_init(ap, i & 4);
		if (i & 4 && i & 8)
			script_set_values(ap);

		/* Out of long mode it is now, whatever it was. */
		trip->flags |= TRIP_LEGACY;
		trip->efer_after = efer;
		script_trip_ends(ap);
		script_run_see(ap);
		script_run_see(ap);
		script_run_see(boot);
	}
	script_run_end(ap);
	script_run_end(boot);
	script_free(guests);
}

/* --- A new VM --- */

static const enum restored orders[][NR_RESTORED] = {
	{ RESTORED_CPUID, RESTORED_SREGS, RESTORED_MSRS },
	{ RESTORED_CPUID, RESTORED_MSRS, RESTORED_SREGS },
	{ RESTORED_SREGS, RESTORED_CPUID, RESTORED_MSRS },
	{ RESTORED_SREGS, RESTORED_MSRS, RESTORED_CPUID },
	{ RESTORED_MSRS, RESTORED_CPUID, RESTORED_SREGS },
	{ RESTORED_MSRS, RESTORED_SREGS, RESTORED_CPUID },
};

#define NR_ORDERS	((int)ARRAY_SIZE(orders))

static void run_restore(struct guest *g)
{
	struct kvm_vm *other = NULL;
	int cpu = script_cpu;
	u64 efer;
	int i;

	for (i = 0; i < 8 * NR_ORDERS; i++) {
		efer = i & 2 ? GUEST_EFER & ~EFER_SCE : GUEST_EFER;

		/* The last VM's end disables virtualization. */
		if (i == 4 * NR_ORDERS)
			other = vm_create_barebones();

		if (i & 1) {
			script_add_trip(g, TRIP_STOP | TRIP_LEGACY, efer, true);
			script_run_to_stop(g);
			vcpu_run_complete_io(g->vcpu);
			script_check_host(g);
		} else {
			script_add_wrmsr(g, SHARED_EFER, efer);
			script_add_values(g);
			script_run_see(g);
		}

		script_cpu = host_pin_next(script_cpu);
		g->vcpu = vcpu_move_to_new_vm(g->vm, g->vcpu, orders[i / 4 % NR_ORDERS]);
		script_check_get_msrs(g);
		if (i & 1)
			script_trip_ends(g);
		script_add_see(g);
		if (i & 1)
			script_add_trip(g, 0, 0, false);
		script_run(g);
		script_run_see(g);
	}
	script_cpu = host_pin(cpu);
	script_run_end(g);
	kvm_vm_free(other);
}

/* --- In turn --- */

#define NR_TURNS	6

static void add_turns(struct guest *g, int nr)
{
	int n;

	for (n = 0; n < NR_TURNS; n++) {
		if (g->id < 2) {
			script_add_see(g)->turn = true;
		} else {
			script_add_trip(g, TRIP_TURN |
					(g->id == 3 ? TRIP_LEGACY : 0),
					GUEST_EFER, n & 1);
			script_add_see(g);
		}
		script_add_pass(g, (g->id + 1) % nr);
	}
}

static void *run_thread(void *arg)
{
	TEST_ASSERT(!script_run_once(arg), "unexpected stop");
	return NULL;
}

/*
 * Threads of one CPU, which switch without a return to user mode: a vCPU sleeps
 * in KVM until it is its turn.
 */
static void run_in_turn(struct guest *guests, int nr)
{
	pthread_t threads[MAX_VCPUS];
	int i;

	*(u32 *)addr_gpa2hva(guests[0].vm, LOW_TURN) = 0;
	for (i = 0; i < nr; i++)
		add_turns(&guests[i], nr);
	script_in_turn = true;
	for (i = 0; i < nr; i++)
		host_thread(&threads[i], run_thread, &guests[i]);
	for (i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	script_in_turn = false;
	host_check_msrs(script_cpu, &guests[0].host[HOST_MSRS]);
	for (i = 0; i < nr; i++)
		script_check(&guests[i]);
}

static void run_turns(struct guest *unused)
{
	struct guest guests[MAX_VCPUS];
	int i;

	script_create(guests, MAX_VCPUS);
	for (i = 0; i < MAX_VCPUS; i++)
		script_start(&guests[i]);

	script_set_msr(&guests[1], SHARED_EFER, GUEST_EFER & ~EFER_SCE);
	run_in_turn(guests, MAX_VCPUS);

	script_run_end(&guests[1]);
	script_free(guests);
}

/* Two VMs: their values are the same, but SYSCALL is #UD in one of them. */
static void run_vms(struct guest *unused)
{
	struct guest guests[2];
	int i, j;

	script_create_vms(guests, 2);
	for (i = 0; i < 2; i++)
		script_start(&guests[i]);
	for (i = 0; i < 8; i++) {
		script_set_values(&guests[0]);
		vcpu_set_shared_msrs(guests[1].vcpu, guests[0].values);
		memcpy(guests[1].values, guests[0].values, sizeof(guests[1].values));
		for (j = 0; j < 2; j++)
			script_set_msr(&guests[j], SHARED_EFER, (i + j) & 1 ?
				       GUEST_EFER : GUEST_EFER & ~EFER_SCE);
		run_in_turn(guests, 2);
	}
	for (i = 0; i < 2; i++) {
		script_run_end(&guests[i]);
		script_free(&guests[i]);
	}
}

/* --- VM-entry fails --- */

/*
 * No code segment has 64 bits and 32 bits. KVM lets the CPU see that; QEMU's TCG
 * then takes its own registers for the guest's.
 */
static void fail_entry(struct guest *g)
{
	struct kvm_sregs sregs, invalid;
	struct kvm_regs regs;

	vcpu_run_complete_io(g->vcpu);
	vcpu_regs_get(g->vcpu, &regs);
	vcpu_sregs_get(g->vcpu, &sregs);
	invalid = sregs;
	invalid.cs.db = 1;
	vcpu_sregs_set(g->vcpu, &invalid);
	vcpu_run(g->vcpu);
	script_check_host(g);
	script_check_point(POINT_STATE, "exit reason", KVM_EXIT_FAIL_ENTRY,
			   g->vcpu->run->exit_reason);
	script_check_get_msrs(g);
	vcpu_sregs_set(g->vcpu, &sregs);
	vcpu_regs_set(g->vcpu, &regs);
}

static void run_failures(struct guest *g)
{
	int i, n;

	for (i = 0; i < 16; i++) {
		/* As in run_moves(): from here on they are loaded for VM-entry. */
		for (n = 0; i == 8 && n < 100; n++)
			script_run_see(g);
		if (i & 1)
			script_set_values(g);
		if (i & 2)
			script_run_see(g);
		fail_entry(g);
		if (i & 4)
			script_set_values(g);
		script_run_see(g);
	}
	script_run_end(g);
}

/* --- Another CPU --- */

static int other_cpu;

/* There and back, whenever the main thread's vCPU waits for its turn. */
static void *move_thread(void *arg)
{
	u32 *turn = arg;
	int i;

	/* Were it script_cpu, a return to user mode there would restore its MSRs. */
	host_pin(other_cpu);
	for (i = 0; i < 2; i++) {
		while (!READ_ONCE(*turn))
			host_sleep(1000000);
		host_pin_task(getpid(), i ? script_cpu : other_cpu);
		WRITE_ONCE(*turn, 0);
	}
	return NULL;
}

static const char *skip_moves(void)
{
	return host_nr_cpus() < 2 ? "only one CPU" : NULL;
}

/*
 * A CPU may keep a vCPU's values while that is on another one, as long as nobody
 * returns to user mode there. But if the values, or the set of active MSRs,
 * change meanwhile, the CPU's values must not pass for the vCPU's when it is back.
 */
static void run_moves(struct guest *unused)
{
	pthread_t thread;
	struct guest g;
	u32 *turn;
	int i, n;

	script_create(&g, 1);
	script_start(&g);
	turn = addr_gpa2hva(g.vm, LOW_TURN);
	other_cpu = host_next_cpu(script_cpu);

	for (i = 0; i < 16; i++) {
		/*
		 * Until now it napped without a use of them, so KVM waited for
		 * one on each CPU anew. It no longer does once it has seen many.
		 */
		for (n = 0; i == 8 && n < 100; n++)
			script_run_see(&g);

		if (i & 1)
			script_add_wrmsr(&g, SHARED_EFER, GUEST_EFER & ~EFER_SCE);
		script_add_values(&g);
		/* It naps at least once, and is switched in with all of them. */
		script_add_see(&g)->turn = true;
		script_add_pass(&g, 1);

		script_add_see(&g)->turn = true;
		if (i & 1)
			script_add_wrmsr(&g, SHARED_EFER, GUEST_EFER);
		else
			script_add_values(&g);
		if (i & 2)
			script_add_see(&g);
		script_add_pass(&g, 1);

		script_add_see(&g)->turn = true;
		*turn = 0;
		host_thread(&thread, move_thread, turn);
		script_run(&g);
		pthread_join(thread, NULL);
	}
	script_run_end(&g);
	script_free(&g);
}

static struct scenario scenarios[] = {
	{ "INIT and SIPI", run_init, POINTS_32 | BIT(POINT_STATE) },
	{ "restored in a new VM", run_restore, POINTS_32 },
	{ "vCPUs of different states in turn", run_turns, POINTS_32 },
	{ "two VMs in turn that differ in EFER.SCE alone", run_vms },
	{ "changed on another CPU", run_moves, 0, skip_moves },
	{ "VM-entry fails", run_failures, BIT(POINT_STATE) },
};

int main(int argc, char *argv[])
{
	run_scenarios(scenarios, ARRAY_SIZE(scenarios));
}
