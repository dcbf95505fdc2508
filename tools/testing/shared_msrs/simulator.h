/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulator: two CPUs, and as much of a kernel as the shared MSR core sees:
 * MSRs, tasks, user-return notifiers, interrupts, preemption and per-CPU memory.
 *
 * It knows neither the core nor the rules. Wherever something may happen beside
 * the core it asks its hooks whether it does; see sim_point().
 */
#ifndef SHARED_MSRS_SIMULATOR_H
#define SHARED_MSRS_SIMULATOR_H

#include <stddef.h>

#include "report.h"

#define SIM_CPUS 2
#define SIM_VCPUS 2
/* One more than the core has slots for. */
#define SIM_MSRS 17
#define SIM_FIRST_MSR 0xc0000080u
#define SIM_PERCPU 320
#define SIM_NOTIFIERS 2

/* Intel SDM volume 4, "Architectural MSRs" */
#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_CSTAR 0xc0000083
#define MSR_SYSCALL_MASK 0xc0000084
#define MSR_TSC_AUX 0xc0000103
#define MSR_IA32_TSX_CTRL 0x00000122

/* What no MSR takes: WRMSR raises #GP for it. */
#define SIM_RESERVED 0x8000000000000000ull

struct user_return_notifier {
	void (*on_user_return)(struct user_return_notifier *urn);
};

/* The tasks: a thread for each vCPU, then everything else of each CPU. */
enum { SIM_HOST_TASK = SIM_VCPUS };

struct sim_task {
	/* TIF_USER_RETURN_NOTIFY */
	bool notify;
};

enum sim_presence { MSR_PRESENT, MSR_ABSENT, MSR_READ_ONLY };

/*
 * @msr: what the hardware holds
 * @host: what user mode must see
 * @want: what was asked for last, or the host's where that was restored
 * @guests: bit mask of the MSRs that hold what was loaded for a guest
 * @owner: the VM for which @owned were loaded
 * @owned: bit mask of the MSRs that hold what was loaded for the VM that last
 *         loaded anything
 * @passed: bit mask of the MSRs that were passed through, and not restored since
 * @unread: bit mask of the MSRs that the guest has written without a VM-exit, and
 *          that nobody has read or written since
 * @sampled: virtualization was enabled since the module was loaded
 */
struct sim_cpu {
	u64 msr[SIM_MSRS];
	u64 host[SIM_MSRS];
	u64 want[SIM_MSRS];
	u32 guests;
	u32 owned;
	u32 passed;
	u32 unread;
	u64 owner;
	struct user_return_notifier *notifiers[SIM_NOTIFIERS];
	int nr_notifiers;
	int task;
	int preempt_count;
	bool irqs_off;
	bool pinned;
	bool up;
	bool enabled;
	bool sampled;
};

/*
 * @owners: the number of each vCPU's VM
 * @nr_owners: how many numbers there are
 */
struct sim {
	struct sim_cpu cpu[SIM_CPUS];
	struct sim_task task[SIM_VCPUS + SIM_CPUS];
	u64 percpu[SIM_CPUS][SIM_PERCPU / sizeof(u64)];
	u64 owners[SIM_VCPUS];
	u64 nr_owners;
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

/*
 * The step that is being taken; nothing of it outlives the step.
 *
 * @loading: a vCPU's values are being loaded
 * @wrmsrns_failed: and WRMSR is next
 */
struct sim_now {
	int cpu;
	int may;
	bool nested;
	bool probing;
	bool loading;
	bool wrmsrns_failed;
	bool may_warn;
	bool alloc_fails;
	enum sim_presence presence[SIM_MSRS];
	int points;
	int events;
	int warnings;
	int messages;
};

/**
 * struct sim_hooks - who is asked and told; each may be NULL but @choose
 * @choose: 0 to @nr - 1
 * @ipi: enables or disables virtualization on the current CPU
 * @event: hears of an IPI that @choose has led to, before it comes
 * @preempt_ways: in how many ways something else may run instead of the current
 *                task, with MAY_PREEMPT
 * @preempt: goes one of them
 * @at_point: something else may look at this CPU
 * @in_user_mode: the CPU is in user mode
 * @before_wrmsr: WRMSR is about to write @value
 */
struct sim_hooks {
	int (*choose)(int nr);
	void (*ipi)(bool enable);
	void (*event)(int cpu, bool enable);
	int (*preempt_ways)(void);
	void (*preempt)(int way);
	void (*at_point)(void);
	void (*in_user_mode)(int cpu);
	void (*before_wrmsr)(int msr, u64 value);
};

extern struct sim sim;
extern struct sim_now now;
extern struct sim_hooks sim_hooks;

/* How many MSRs the hardware has; the harness may take fewer to be quicker. */
extern int sim_msrs;
/* Which ones; if not set, those from SIM_FIRST_MSR on. */
extern const u32 *sim_index;
/* How many of the points of a step something happens at. */
extern int sim_max_events;

/* What the CPUs have; that they only say so; that the kernel runs with FRED. */
enum { HAS_WRMSRNS = 1, HAS_RTM = 2, CPUID_LIES = 4, RUNS_FRED = 8 };
extern int sim_features;

/*
 * Of two runs, the one in which the host has the secret values of the guests, and
 * each VM those of the other.
 */
extern bool sim_alike;

/* Does the CPU read the MSR for the host's user mode? */
bool sim_user_uses(int msr);
/* Does its host value differ from boot to boot, or from CPU to CPU? */
bool sim_is_secret(int msr);

/* Counts for ever. */
extern unsigned long sim_writes;

void sim_start(void);
void sim_point(const char *where);
/* Different on each CPU, and after each boot of it; nothing reserved is set. */
u64 sim_host_value(int cpu, int msr, u64 variant);
void sim_boot_cpu(int cpu, const u64 host[SIM_MSRS]);
void sim_switch(int cpu, int task);
void sim_return_to_user(void);

/* A CPU's IPI handler or pinned thread; returns the CPU that went on before. */
int sim_enter(int cpu, bool ipi);
void sim_leave(int cpu, bool ipi, int previous);
void sim_ipi(int cpu, bool enable);
void sim_on_each_cpu(void (*function)(void *info), void *info);

/* Snapshots are taken and put back with memory that is freed made readable. */
void sim_lock_freed(void);
void sim_unlock_freed(void);

/* For the stand-ins in include/kernel.h. */
__printf(1, 2)
void sim_log(const char *format, ...);
void sim_warn(const char *text);
void *sim_alloc_percpu(size_t size);
void sim_free_percpu(void *ptr);
void *sim_per_cpu_ptr(void *ptr, int cpu);
int sim_this_cpu(void);
void *sim_this_cpu_ptr(void *ptr);
unsigned long sim_irq_save(void);
void sim_irq_restore(unsigned long flags);
void sim_preempt_disable(void);
void sim_preempt_enable(void);
void sim_assert_irqs_disabled(void);
int sim_rdmsr(u32 index, u64 *value);
int sim_wrmsr(u32 index, u64 value);
int sim_wrmsrns(u32 index, u64 value);
void sim_wrmsr_or_warn(u32 index, u64 value);
void sim_register(struct user_return_notifier *urn);
void sim_unregister(struct user_return_notifier *urn);

#endif /* SHARED_MSRS_SIMULATOR_H */
