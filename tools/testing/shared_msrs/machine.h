/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine of two CPUs, just large enough for the shared MSR core to run on:
 * MSRs, tasks, user-return notifiers, interrupts, preemption and per-CPU memory.
 *
 * Wherever something may happen beside the core, the machine asks the harness
 * whether it does; see machine_point().
 */
#ifndef SHARED_MSRS_MACHINE_H
#define SHARED_MSRS_MACHINE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#include "shared_msrs.h"

#define __printf(format, first) __attribute__((__format__(printf, format, first)))
#define __noreturn __attribute__((__noreturn__))

#define MACHINE_CPUS 2
#define MACHINE_VCPUS 2
/* One more than the core has slots for. */
#define MACHINE_MSRS 17
#define MACHINE_FIRST_MSR 0xc0000080u
#define MACHINE_PERCPU 512
#define MACHINE_NOTIFIERS 2

/* Intel SDM volume 4, "Architectural MSRs" */
#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_CSTAR 0xc0000083
#define MSR_SYSCALL_MASK 0xc0000084
#define MSR_TSC_AUX 0xc0000103
#define MSR_IA32_TSX_CTRL 0x00000122

/* What no MSR takes: WRMSR raises #GP for it. */
#define MACHINE_RESERVED 0x8000000000000000ull

struct user_return_notifier {
	void (*on_user_return)(struct user_return_notifier *urn);
};

/* The tasks: a thread for each vCPU, then everything else of each CPU. */
enum { MACHINE_HOST_TASK = MACHINE_VCPUS };

struct machine_task {
	/* TIF_USER_RETURN_NOTIFY */
	bool notify;
};

enum machine_presence { MSR_PRESENT, MSR_ABSENT, MSR_READ_ONLY };

/*
 * @msr: what the hardware holds
 * @host: what user mode must see
 * @want: what was asked for last, or the host's where that was restored
 * @sampled: virtualization was enabled since the module was loaded
 */
struct machine_cpu {
	u64 msr[MACHINE_MSRS];
	u64 host[MACHINE_MSRS];
	u64 want[MACHINE_MSRS];
	struct user_return_notifier *notifiers[MACHINE_NOTIFIERS];
	int nr_notifiers;
	int task;
	int preempt_count;
	bool irqs_off;
	bool pinned;
	bool up;
	bool enabled;
	bool sampled;
};

struct machine {
	struct machine_cpu cpu[MACHINE_CPUS];
	struct machine_task task[MACHINE_VCPUS + MACHINE_CPUS];
	u64 percpu[MACHINE_CPUS][MACHINE_PERCPU / sizeof(u64)];
	bool percpu_allocated;
	bool loaded;
	int slots;
};

/* What may happen at a point; MAY_HERE: to this CPU alone. */
enum {
	MAY_DISABLE = 1,
	MAY_ENABLE = 2,
	MAY_MIGRATE = 4,
	MAY_PREEMPT = 8,
	MAY_HERE = 16,
};

/* The step that is being taken; nothing of it outlives the step. */
struct machine_now {
	/* By CPU: WRMSRs that are the core's to trace, as wrmsrl() does by itself. */
	struct machine_wrmsrs {
		struct {
			u32 index;
			u64 value;
		} done[MACHINE_MSRS];
		int nr;
		int nr_traced;
	} untraced[MACHINE_CPUS];
	int cpu;
	int may;
	bool nested;
	bool probing;
	bool may_warn;
	bool alloc_fails;
	enum machine_presence presence[MACHINE_MSRS];
	int points;
	int events;
	int warnings;
	int messages;
};

extern struct machine machine;
extern struct machine_now now;

/* How many MSRs the hardware has; the harness may take fewer to be quicker. */
extern int machine_msrs;
/* Which ones; if not set, those from MACHINE_FIRST_MSR on. */
extern const u32 *machine_index;
/* How many of the points of a step something happens at. */
extern int machine_max_events;

/* What the CPUs have besides WRMSR, that they only say so, and that FRED is on. */
enum { HAS_WRMSRNS = 1, HAS_WRMSRLIST = 2, CPUID_LIES = 4, RUNS_FRED = 8 };
extern int machine_insns;
bool machine_user_uses(int msr);

/* Counters that only ever grow. */
extern unsigned long machine_writes;

/* Given by the harness: 0 to @nr - 1. */
extern int (*machine_choose)(int nr);
/*
 * The ways in which something else may run instead of the current task, with
 * MAY_PREEMPT: how many there are in this state, and what goes the one chosen.
 */
extern int (*machine_preempt_ways)(void);
extern void (*machine_preempt)(int way);
/* If set, hears of each event that a choice has led to, before it happens. */
extern void (*machine_event)(int cpu, bool enable);
/* If set, what happens is told in words. */
extern FILE *machine_tell;

/* Where a violation goes, and what it was. */
extern jmp_buf machine_violated;
extern char machine_violation[256];

__noreturn __printf(2, 3)
void violation(int rule, const char *format, ...);
__printf(1, 2)
void tell(const char *format, ...);

void machine_boot(void);
void machine_point(const char *where);
u64 machine_host_value(int cpu, int msr, u64 variant);
void machine_boot_cpu(int cpu, u64 variant);
void machine_switch(int cpu, int task);
void machine_return_to_user(void);
void machine_disable(int cpu, bool ipi);
void machine_enable(int cpu, bool ipi);
void machine_on_each_cpu(void (*function)(void *info), void *info);

/* Snapshots are taken and put back with memory that is freed made readable. */
void machine_lock_freed(void);
void machine_unlock_freed(void);

/* For the stand-ins in include/kernel.h. */
__printf(1, 2)
void machine_log(const char *format, ...);
void machine_warn(const char *text);
void *machine_alloc_percpu(size_t size);
void machine_free_percpu(void *ptr);
void *machine_per_cpu_ptr(void *ptr, int cpu);
void *machine_this_cpu_ptr(void *ptr);
unsigned long machine_irq_save(void);
void machine_irq_restore(unsigned long flags);
void machine_preempt_disable(void);
void machine_preempt_enable(void);
void machine_assert_irqs_disabled(void);
void machine_assert_preemption_disabled(void);
int machine_rdmsr(u32 index, u64 *value);
int machine_wrmsr(u32 index, u64 value);
int machine_wrmsrns(u32 index, u64 value);
void machine_trace_wrmsr(u32 index, u64 value, int failed);
void machine_wrmsr_or_panic(u32 index, u64 value);
void machine_register(struct user_return_notifier *urn);
void machine_unregister(struct user_return_notifier *urn);

/* rules.c: what must hold, from what the machine knows. */
void rules_at_point(void);
void rules_in_user_mode(int cpu);
void rules_in_guest(int cpu, int slot, u64 data, u64 mask);
void rules_after_step(void);

/* core.c: the core, and the few things of it that the harness looks at. */
#define CORE_STATE 256

u64 core_current_value(int cpu, int slot);
u64 *core_generation(int cpu);
void core_forget_insns(void);
void core_save(char state[CORE_STATE]);
void core_restore(const char state[CORE_STATE]);

#endif /* SHARED_MSRS_MACHINE_H */
