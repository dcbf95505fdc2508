/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scenarios in which the state of vCPUs changes, for tests of shared MSRs.
 *
 * A test has a table of scenarios. In each the host writes scripts for vCPUs,
 * and keeps track of the values that they must have at each step. A guest runs
 * its script without any exit but those that the script asks for.
 *
 * Among the steps are trips from 64-bit code to compatibility mode or, with
 * paging off, to protected mode, to try SYSCALL, RDTSCP and RDPID there. A CPU
 * that got an INIT during its trip finishes it in protected mode.
 */
#ifndef SELFTEST_KVM_SHARED_MSRS_SCRIPT_H
#define SELFTEST_KVM_SHARED_MSRS_SCRIPT_H

#include "shared_msrs.h"

/* --- Trips to 32-bit code --- */

/*
 * Memory below 4 GB: the code, a GDT and an IDT for it, and the vCPU whose turn
 * it is.
 */
#define LOW		0xc0000000
#define LOW_GDT		0xc0001000
#define LOW_IDT32	0xc0002000
#define LOW_TURN	0xc0003000

/* SIPI takes a CPU to this page, which the library leaves alone. */
#define SIPI_VECTOR	1
#define SIPI_GPA	0x1000

#define CODE64_SEL	0x08
#define CODE32_SEL	0x40
#define DATA32_SEL	0x48
#define GDT_BYTES	0x50

#define STOP_PORT	0x5000

#define TRIP_LEGACY	0x1	/* leave long mode, or stay in it */
#define TRIP_TURN	0x2	/* sleep until it is this vCPU's turn */
#define TRIP_STOP	0x4	/* exit to user mode */
#define TRIP_RDTSCP	0x8
#define TRIP_RDPID	0x10
#define TRIP_END	0x20	/* exit to user mode instead of going back */
#define TRIP_SYSRET	0x40	/* which is #UD */

/* RFLAGS for SYSCALL: the same as guest_see()'s. */
#define TRIP_RFLAGS	0x247002

/* A trip to 32-bit code and back. trip_code knows the offsets. */
struct trip {
	u32 flags;
	u32 id;			/* of the vCPU */
	u64 efer_inside;	/* to be set once long mode is left */
	u64 efer_after;		/* and before it is entered again */
	u32 nr_wrmsrs;
	u32 sysret_uds;		/* seen there, as what comes below */
	struct {
		u64 msr;
		u64 value;
	} wrmsrs[NR_SHARED_MSRS];

	/* What was seen there. */
	u32 efer;
	u32 rdtscp;
	u32 rdpid;
	u32 vector;		/* of SYSCALL, or NO_VECTOR */
	u32 rip;
	u32 rflags;
	u32 rcx;
	u32 r11;		/* where it landed in 64-bit mode */
	u32 cs;
	u32 ss;

	/* To be restored. */
	u32 cr0;
	u32 cr3;
	u32 cr4;
	u32 esp;
	u64 rsp;
	u64 idtr[2];
};

/*
 * The code is copied to LOW; trip_low() is the address of a symbol there. SYSCALL
 * can land in two places of each mode, like guest_syscall()'s.
 */
extern char trip_code[], trip_code_end[], trip_in[], trip_syscall_insn[],
	trip_syscall_next[], trip_sysret_insn[], trip_back[], trip_ud32[], trip_timer32[],
	trip_legacy_a[], trip_legacy_b[], trip_cstar_a[], trip_cstar_b[],
	trip_sipi[], trip_sipi_end[], trip_sipi_trip[];

#define trip_low(symbol)	((u64)LOW + ((symbol) - trip_code))

/* --- Scripts --- */

enum op_kind {
	OP_WRMSR,
	OP_SEE,
	OP_TRIP,
	OP_TRY,
	OP_TRY_RDPID,
	OP_TRY_RDTSCP,
	OP_INIT,
	OP_PASS,	/* it is the next vCPU's turn */
};

/* What a guest tries whose CPUID has no TSC_AUX. */
enum attempt {
	TRY_RDTSCP,
	TRY_RDPID,
	TRY_RDMSR,
	TRY_WRMSR,
	NR_ATTEMPTS
};

struct op {
	u32 kind;
	bool turn;		/* wait for it */
	bool tsc_aux_first;
	u32 msr;
	u64 value;

	struct trip trip;
	struct effects effects;
	u64 msrs[NR_SHARED_MSRS];
	u64 vectors[NR_ATTEMPTS];
	u64 results[NR_ATTEMPTS];
};

#define MAX_OPS		28

struct script {
	u32 nr;
	u32 done;
	struct op ops[MAX_OPS];
};

#define SCRIPT_PAGES	4
#define LOW_SCRIPTS	0xc0008000

/* --- Guests --- */

#define MAX_VCPUS	4

struct guest {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	u32 id;
	struct script *script;
	bool syscall32;		/* SYSCALL of 32-bit code is no #UD */
	u64 values[NR_SHARED_MSRS];
	/* When an op is done. */
	u64 expected[MAX_OPS][NR_SHARED_MSRS];
	struct tally host[NR_HOST_EFFECTS];
};

/* The vCPUs of a new VM. */
void script_create(struct guest *guests, int nr);
/* VMs of one vCPU each, in which it takes turns with the others. */
void script_create_vms(struct guest *guests, int nr);
void script_free(struct guest *guests);
/* To the first GUEST_SYNC, with values of its own and SYSCALL. */
void script_start(struct guest *g);

/* The host sets a value, or new ones of all MSRs but EFER. */
void script_set_msr(struct guest *g, enum shared_msr msr, u64 value);
void script_set_values(struct guest *g);
void script_set_efer_by_sregs(struct guest *g, u64 efer);

/* Add to the script: the guest sets them, looks at the effects, passes its turn. */
struct op *script_add_op(struct guest *g, enum op_kind kind);
void script_add_wrmsr(struct guest *g, enum shared_msr msr, u64 value);
void script_add_values(struct guest *g);
struct op *script_add_see(struct guest *g);
void script_add_pass(struct guest *g, u32 next);
/* A trip after which EFER has SCE as @efer does; @change: new values meanwhile. */
struct trip *script_add_trip(struct guest *g, u32 flags, u64 efer, bool change);

/* Run the script, and check what the guest saw. */
void script_run(struct guest *g);
void script_check(struct guest *g);
/* To the next GUEST_SYNC, or to the next TRIP_STOP: true. */
bool script_run_once(struct guest *g);
/* The script's last op is a trip with TRIP_STOP, which then goes on. */
void script_run_to_stop(struct guest *g);
void script_trip_ends(struct guest *g);
/* The guest begins with the trip, in 32-bit code without paging. */
void script_start_in_trip(struct guest *g, struct trip *trip);
/* The script is a look at the effects. */
void script_run_see(struct guest *g);
/* The last steps of each scenario: the guest goes on as ever. */
void script_run_end(struct guest *g);

void script_check_get_msrs(struct guest *g);
void script_check_host(struct guest *g);

/* --- Scenarios --- */

enum point {
	POINT_RDMSR,
	POINT_GET_MSRS,
	POINT_MODE,
	POINT_SYSCALL32,
	POINT_NO_TSC_AUX,
	POINT_STATE,
	POINT_HOST_GS,
	NR_POINTS
};

#define POINTS_32	(BIT(POINT_MODE) | BIT(POINT_SYSCALL32))

struct scenario {
	const char *name;
	void (*run)(struct guest *g);	/* the guest of all scenarios, or one of its own */
	unsigned long points;		/* besides those that all scenarios have */
	const char *(*skip)(void);	/* why it cannot run here, or NULL */

	struct tally tallies[NR_POINTS];
	struct tally guest[NR_EFFECTS];
	struct tally host[NR_HOST_EFFECTS];
};

/* The CPU where it runs. */
extern int script_cpu;
/* Other threads' vCPUs may be in KVM_RUN there. */
extern bool script_in_turn;
/* GS of the VMM, to be set and checked, or NULL. */
extern const struct host_gs *script_gs;

void script_check_point(enum point point, const char *what, u64 expected, u64 actual);

/* All of a test: each scenario on each CPU, and the report. */
void run_scenarios(struct scenario *scenarios, int nr);

#endif /* SELFTEST_KVM_SHARED_MSRS_SCRIPT_H */
