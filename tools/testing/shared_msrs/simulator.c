// SPDX-License-Identifier: GPL-2.0-only
/* The simulator: hardware, and as much of a kernel as the core sees. */
#include <stdarg.h>
#include <string.h>

#include "simulator.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

/* More points than this in a step, and the core is in a loop. */
#define MAX_POINTS 10000

struct sim sim;
struct sim_now now;
struct sim_hooks sim_hooks;
int sim_msrs = SIM_MSRS;
const u32 *sim_index;
int sim_max_events = MAX_POINTS;
int sim_features;
bool sim_alike;
unsigned long sim_writes;

static struct sim_cpu *this_cpu(void)
{
	return &sim.cpu[now.cpu];
}

static struct sim_task *current(void)
{
	return &sim.task[this_cpu()->task];
}

/* What may happen at points: the bits of now.may that concern CPU @cpu. */
static bool may_get_ipi(int cpu)
{
	struct sim_cpu *c = &sim.cpu[cpu];
	int what = c->enabled ? MAY_DISABLE : MAY_ENABLE;

	/* A second thought about the other CPU would be the same as the first. */
	if (cpu != now.cpu && (!c->enabled || now.may & MAY_HERE))
		return false;
	return c->up && !c->irqs_off && now.may & what;
}

static bool may_migrate(void)
{
	struct sim_cpu *c = this_cpu();

	return now.may & MAY_MIGRATE && !c->irqs_off && !c->preempt_count &&
	       sim.cpu[!now.cpu].up;
}

static bool may_be_preempted(void)
{
	struct sim_cpu *c = this_cpu();

	return now.may & MAY_PREEMPT && !c->irqs_off && !c->preempt_count;
}

/*
 * Something else may happen here. Nothing interrupts what happens then: two
 * CPUs share nothing but the table, and one CPU's IPI runs with interrupts off.
 */
void sim_point(const char *where)
{
	enum { IPI_CPU_0, IPI_CPU_1, MIGRATE } options[3];
	int nr = 0, ways = 0, choice, cpu;

	if (++now.points > MAX_POINTS)
		violation(0, "the core is in an endless loop");
	if (sim_hooks.at_point)
		sim_hooks.at_point();
	if (now.nested || now.events >= sim_max_events)
		return;

	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		if (may_get_ipi(cpu))
			options[nr++] = IPI_CPU_0 + cpu;
	}
	if (may_migrate())
		options[nr++] = MIGRATE;
	if (may_be_preempted())
		ways = sim_hooks.preempt_ways();
	if (!nr && !ways)
		return;
	observe(where, nr + ways);
	choice = sim_hooks.choose(nr + ways + 1);
	if (!choice)
		return;
	now.events++;
	if (choice > nr) {
		tell("       %s: preempted\n", where);
		now.nested = true;
		sim_hooks.preempt(choice - nr - 1);
		now.nested = false;
		return;
	}
	if (options[choice - 1] == MIGRATE) {
		tell("       %s: preempted, and continued by CPU %d\n", where,
		     !now.cpu);
		now.cpu = !now.cpu;
		return;
	}

	cpu = options[choice - 1] - IPI_CPU_0;
	tell("       %s: IPI on CPU %d %s virtualization\n", where, cpu,
	     sim.cpu[cpu].enabled ? "disables" : "enables");
	now.nested = true;
	if (sim_hooks.event)
		sim_hooks.event(cpu, !sim.cpu[cpu].enabled);
	sim_ipi(cpu, !sim.cpu[cpu].enabled);
	now.nested = false;
}

/* Interrupts and preemption */

unsigned long sim_irq_save(void)
{
	unsigned long flags;

	sim_point("before interrupts go off");
	flags = !this_cpu()->irqs_off;
	this_cpu()->irqs_off = true;
	return flags;
}

void sim_irq_restore(unsigned long flags)
{
	if (!this_cpu()->irqs_off)
		violation(0, "interrupts are restored but were never off");
	this_cpu()->irqs_off = !flags;
	sim_point("after interrupts are restored");
}

void sim_preempt_disable(void)
{
	sim_point("before preemption goes off");
	this_cpu()->preempt_count++;
}

void sim_preempt_enable(void)
{
	if (!this_cpu()->preempt_count)
		violation(0, "preemption is enabled but was never disabled");
	this_cpu()->preempt_count--;
	sim_point("after preemption is enabled");
}

void sim_assert_irqs_disabled(void)
{
	if (!this_cpu()->irqs_off)
		violation(0, "interrupts are enabled where they must not be");
}

/* Messages */

void sim_log(const char *format, ...)
{
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	tell("       log: %s", line);
	now.messages++;
}

void sim_warn(const char *text)
{
	now.warnings++;
	if (!now.may_warn)
		violation(0, "it warns: %s", text);
}

/* Per-CPU memory */

void sim_lock_freed(void)
{
#ifdef __SANITIZE_ADDRESS__
	if (!sim.percpu_allocated)
		__asan_poison_memory_region(sim.percpu,
					    sizeof(sim.percpu));
#endif
}

void sim_unlock_freed(void)
{
#ifdef __SANITIZE_ADDRESS__
	__asan_unpoison_memory_region(sim.percpu, sizeof(sim.percpu));
#endif
}

void *sim_alloc_percpu(size_t size)
{
	if (size > SIM_PERCPU)
		violation(0, "the per-CPU area needs %zu bytes", size);
	if (sim.percpu_allocated)
		violation(0, "the per-CPU areas are allocated twice");
	if (now.alloc_fails)
		return NULL;
	sim_unlock_freed();
	sim.percpu_allocated = true;
	memset(sim.percpu, 0, sizeof(sim.percpu));
	return sim.percpu;
}

void sim_free_percpu(void *ptr)
{
	if (!ptr)
		return;
	if (ptr != sim.percpu || !sim.percpu_allocated)
		violation(0, "what is freed was not allocated");
	/* As SLUB does: whoever uses it still is to notice. */
	memset(sim.percpu, 0x6b, sizeof(sim.percpu));
	sim.percpu_allocated = false;
	sim_lock_freed();
}

void *sim_per_cpu_ptr(void *ptr, int cpu)
{
	return (char *)ptr + cpu * SIM_PERCPU;
}

int sim_this_cpu(void)
{
	struct sim_cpu *c = this_cpu();

	if (!c->pinned && !c->preempt_count && !c->irqs_off)
		violation(0, "per-CPU data is used where the task can migrate");
	return now.cpu;
}

void *sim_this_cpu_ptr(void *ptr)
{
	return sim_per_cpu_ptr(ptr, sim_this_cpu());
}

/* MSRs */

static u32 msr_index(int msr)
{
	return sim_index ? sim_index[msr] : SIM_FIRST_MSR + msr;
}

bool sim_user_uses(int msr)
{
	u32 index = msr_index(msr);

	return !(sim_features & RUNS_FRED) ||
	       (index != MSR_LSTAR && index != MSR_CSTAR &&
		index != MSR_SYSCALL_MASK);
}

bool sim_is_secret(int msr)
{
	u32 index = msr_index(msr);

	return index == MSR_LSTAR || index == MSR_CSTAR || index == MSR_TSC_AUX;
}

static int find_msr(u32 index)
{
	int msr;

	for (msr = 0; msr < sim_msrs; msr++) {
		if (index == msr_index(msr))
			return msr;
	}
	if (!sim_index)
		violation(0, "MSR 0x%x is none of the shared ones", index);
	return -1;
}

int sim_rdmsr(u32 index, u64 *value)
{
	int msr = find_msr(index);

	sim_point("before RDMSR");
	if (msr < 0 || now.presence[msr] == MSR_ABSENT) {
		tell("       RDMSR 0x%x on CPU %d: #GP\n", index, now.cpu);
		return -5;
	}
	*value = this_cpu()->msr[msr];
	this_cpu()->unread &= ~(1u << msr);
	if (now.probing)
		tell("       RDMSR 0x%x on CPU %d: 0x%llx\n", index, now.cpu, *value);
	sim_point("after RDMSR");
	return 0;
}

int sim_wrmsr(u32 index, u64 value)
{
	int msr = find_msr(index);
	bool refused;

	sim_point("before WRMSR");
	observe("WRMSR", index);
	refused = msr < 0 || value & SIM_RESERVED ||
		  now.presence[msr] != MSR_PRESENT;
	tell("       WRMSR 0x%x on CPU %d: 0x%llx%s\n", index, now.cpu,
	     value, refused ? ", #GP" : "");
	if (refused) {
		sim_point("after WRMSR");
		return -5;
	}
	if (sim_hooks.before_wrmsr)
		sim_hooks.before_wrmsr(msr, value);
	this_cpu()->msr[msr] = value;
	this_cpu()->unread &= ~(1u << msr);
	sim_writes++;
	sim_point("after WRMSR");
	return 0;
}

int sim_wrmsrns(u32 index, u64 value)
{
	if (!(sim_features & HAS_WRMSRNS))
		violation(0, "the CPU has no WRMSRNS");
	return sim_features & CPUID_LIES ? -5 : sim_wrmsr(index, value);
}

void sim_wrmsr_or_warn(u32 index, u64 value)
{
	if (sim_wrmsr(index, value))
		sim_warn("unchecked MSR access error");
}

/* User-return notifiers: a list for each CPU, a flag that follows it. */

static int find_notifier(struct sim_cpu *c, struct user_return_notifier *urn)
{
	int i;

	for (i = 0; i < c->nr_notifiers; i++) {
		if (c->notifiers[i] == urn)
			return i;
	}
	return -1;
}

/* As their users do by this_cpu_ptr(). */
static void assert_preemption_disabled(void)
{
	if (!this_cpu()->preempt_count && !this_cpu()->irqs_off)
		violation(0, "preemption is enabled where it must not be");
}

void sim_register(struct user_return_notifier *urn)
{
	struct sim_cpu *c = this_cpu();

	sim_point("before the notifier is registered");
	observe("a notifier is registered", now.cpu);
	assert_preemption_disabled();
	if (!urn->on_user_return)
		violation(5, "the notifier has no function to call");
	if (find_notifier(c, urn) >= 0)
		violation(5, "the notifier is registered twice on CPU %d",
			  now.cpu);
	if (c->nr_notifiers == SIM_NOTIFIERS)
		violation(5, "CPU %d has notifiers of other CPUs", now.cpu);
	c->notifiers[c->nr_notifiers++] = urn;
	current()->notify = true;
	tell("       notifier registered on CPU %d\n", now.cpu);
	sim_point("after the notifier is registered");
}

void sim_unregister(struct user_return_notifier *urn)
{
	struct sim_cpu *c = this_cpu();
	int i;

	sim_point("before the notifier is unregistered");
	observe("a notifier is unregistered", now.cpu);
	assert_preemption_disabled();
	i = find_notifier(c, urn);
	if (i < 0)
		violation(5, "the notifier that is unregistered is not on CPU %d's list",
			  now.cpu);
	c->notifiers[i] = c->notifiers[--c->nr_notifiers];
	c->notifiers[c->nr_notifiers] = NULL;
	if (!c->nr_notifiers)
		current()->notify = false;
	tell("       notifier unregistered on CPU %d\n", now.cpu);
	sim_point("after the notifier is unregistered");
}

static void fire_notifiers(void)
{
	struct user_return_notifier *notifiers[SIM_NOTIFIERS];
	struct sim_cpu *c = this_cpu();
	int nr = c->nr_notifiers, i;

	memcpy(notifiers, c->notifiers, sizeof(notifiers));
	c->preempt_count++;
	for (i = 0; i < nr; i++) {
		sim_point("before the notifier is called");
		notifiers[i]->on_user_return(notifiers[i]);
	}
	c->preempt_count--;
}

/*
 * Kernels differ in whether interrupts are on while notifiers run. With them
 * on, all can happen that can happen with them off.
 */
void sim_return_to_user(void)
{
	struct sim_cpu *c = this_cpu();
	int cpu = now.cpu, i;

	sim_point("on the way to user mode");
	for (i = 0; current()->notify; i++) {
		if (i == 10)
			violation(5, "the way back to user mode never ends");
		fire_notifiers();
		sim_point("on the way to user mode");
	}
	for (i = 0; i < sim_msrs; i++) {
		if (!c->enabled || sim_user_uses(i))
			c->want[i] = c->host[i];
	}
	if (sim_hooks.in_user_mode)
		sim_hooks.in_user_mode(cpu);
}

/* Tasks */

void sim_switch(int cpu, int task)
{
	struct sim_cpu *c = &sim.cpu[cpu];

	if (sim.task[c->task].notify) {
		sim.task[c->task].notify = false;
		sim.task[task].notify = true;
	}
	c->task = task;
}

/* IPIs, and threads that are pinned to a CPU */

int sim_enter(int cpu, bool ipi)
{
	struct sim_cpu *c = &sim.cpu[cpu];
	int previous = now.cpu;

	now.cpu = cpu;
	if (ipi) {
		c->irqs_off = true;
		c->preempt_count++;
	} else {
		c->pinned = true;
	}
	return previous;
}

void sim_leave(int cpu, bool ipi, int previous)
{
	struct sim_cpu *c = &sim.cpu[cpu];

	if (now.cpu != cpu)
		violation(0, "the core has changed CPUs");
	if (ipi) {
		if (!c->irqs_off)
			violation(0, "the core enables interrupts in an IPI");
		c->irqs_off = false;
		c->preempt_count--;
	} else {
		c->pinned = false;
	}
	now.cpu = previous;
}

void sim_ipi(int cpu, bool enable)
{
	int previous = sim_enter(cpu, true);

	sim_hooks.ipi(enable);
	sim_leave(cpu, true, previous);
}

void sim_on_each_cpu(void (*function)(void *info), void *info)
{
	int previous, cpu;

	for (cpu = 0; cpu < SIM_CPUS; cpu++) {
		if (sim.cpu[cpu].up) {
			previous = sim_enter(cpu, true);
			function(info);
			sim_leave(cpu, true, previous);
		}
	}
}

u64 sim_host_value(int cpu, int msr, u64 variant)
{
	u64 x = variant * 97 + msr * 7 + cpu + 1;

	x *= 0x9e3779b97f4a7c15ull;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ull;
	x ^= x >> 32;
	return x & ~SIM_RESERVED;
}

void sim_boot_cpu(int cpu, const u64 host[SIM_MSRS])
{
	struct sim_cpu *c = &sim.cpu[cpu];

	memcpy(c->host, host, sizeof(c->host));
	memcpy(c->msr, c->host, sizeof(c->msr));
	memcpy(c->want, c->host, sizeof(c->want));
	c->task = SIM_HOST_TASK + cpu;
	c->up = true;
}

/* Nothing is there; the CPUs are to be booted next. */
void sim_start(void)
{
	sim_unlock_freed();
	memset(&sim, 0, sizeof(sim));
	memset(&now, 0, sizeof(now));
	sim_lock_freed();
}
