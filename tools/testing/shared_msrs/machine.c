// SPDX-License-Identifier: GPL-2.0-only
/* The machine: hardware, and as much of a kernel as the core sees. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

/* More points than this in a step, and the core is in a loop. */
#define MAX_POINTS 10000

struct machine machine;
struct machine_now now;
int machine_msrs = MACHINE_MSRS;
const u32 *machine_index;
int machine_max_events = MAX_POINTS;
int machine_insns;
unsigned long machine_writes;
int (*machine_choose)(int nr);
int (*machine_preempt_ways)(void);
void (*machine_preempt)(int way);
void (*machine_event)(int cpu, bool enable);
FILE *machine_tell;
jmp_buf machine_violated;
char machine_violation[256];

/* Rule 0 is the contract: what the core's and the kernel's headers demand. */
void violation(int rule, const char *format, ...)
{
	size_t len = 0;
	va_list args;

	if (rule)
		len = snprintf(machine_violation, sizeof(machine_violation),
			       "rule %d: ", rule);
	else
		len = snprintf(machine_violation, sizeof(machine_violation),
			       "contract: ");
	va_start(args, format);
	vsnprintf(machine_violation + len, sizeof(machine_violation) - len,
		  format, args);
	va_end(args);
	longjmp(machine_violated, 1);
}

void tell(const char *format, ...)
{
	va_list args;

	if (!machine_tell)
		return;
	va_start(args, format);
	vfprintf(machine_tell, format, args);
	va_end(args);
}

static struct machine_cpu *this_cpu(void)
{
	return &machine.cpu[now.cpu];
}

static struct machine_task *current(void)
{
	return &machine.task[this_cpu()->task];
}

/* What may happen at points: the bits of now.may that concern CPU @cpu. */
static bool may_get_ipi(int cpu)
{
	struct machine_cpu *c = &machine.cpu[cpu];
	int what = c->enabled ? MAY_DISABLE : MAY_ENABLE;

	/* A second thought about the other CPU would be the same as the first. */
	if (cpu != now.cpu && (!c->enabled || now.may & MAY_HERE))
		return false;
	return c->up && !c->irqs_off && now.may & what;
}

static bool may_migrate(void)
{
	struct machine_cpu *c = this_cpu();

	return now.may & MAY_MIGRATE && !c->irqs_off && !c->preempt_count &&
	       machine.cpu[!now.cpu].up;
}

static bool may_be_preempted(void)
{
	struct machine_cpu *c = this_cpu();

	return now.may & MAY_PREEMPT && !c->irqs_off && !c->preempt_count;
}

/*
 * Something else may happen here.  Nothing interrupts what happens then: two
 * CPUs share nothing but the table, and one CPU's IPI runs with interrupts off.
 */
void machine_point(const char *where)
{
	enum { IPI_CPU_0, IPI_CPU_1, MIGRATE } options[3];
	int nr = 0, ways = 0, choice, cpu;

	if (++now.points > MAX_POINTS)
		violation(0, "the core is in an endless loop");
	rules_at_point();
	if (now.nested || now.events >= machine_max_events)
		return;

	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		if (may_get_ipi(cpu))
			options[nr++] = IPI_CPU_0 + cpu;
	}
	if (may_migrate())
		options[nr++] = MIGRATE;
	if (may_be_preempted())
		ways = machine_preempt_ways();
	if (!nr && !ways)
		return;
	choice = machine_choose(nr + ways + 1);
	if (!choice)
		return;
	now.events++;
	if (choice > nr) {
		tell("       %s: preempted\n", where);
		now.nested = true;
		machine_preempt(choice - nr - 1);
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
	     machine.cpu[cpu].enabled ? "disables" : "enables");
	now.nested = true;
	if (machine_event)
		machine_event(cpu, !machine.cpu[cpu].enabled);
	if (machine.cpu[cpu].enabled)
		machine_disable(cpu, true);
	else
		machine_enable(cpu, true);
	now.nested = false;
}

/* Interrupts and preemption */

unsigned long machine_irq_save(void)
{
	unsigned long flags;

	machine_point("before interrupts go off");
	flags = !this_cpu()->irqs_off;
	this_cpu()->irqs_off = true;
	return flags;
}

void machine_irq_restore(unsigned long flags)
{
	if (!this_cpu()->irqs_off)
		violation(0, "interrupts are restored but were never off");
	this_cpu()->irqs_off = !flags;
	machine_point("after interrupts are restored");
}

void machine_preempt_disable(void)
{
	machine_point("before preemption goes off");
	this_cpu()->preempt_count++;
}

void machine_preempt_enable(void)
{
	if (!this_cpu()->preempt_count)
		violation(0, "preemption is enabled but was never disabled");
	this_cpu()->preempt_count--;
	machine_point("after preemption is enabled");
}

void machine_assert_irqs_disabled(void)
{
	if (!this_cpu()->irqs_off)
		violation(0, "interrupts are enabled where they must not be");
}

void machine_assert_preemption_disabled(void)
{
	if (!this_cpu()->preempt_count && !this_cpu()->irqs_off)
		violation(0, "preemption is enabled where it must not be");
}

/* Messages */

void machine_log(const char *format, ...)
{
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	tell("       log: %s", line);
	now.messages++;
}

void machine_warn(const char *text)
{
	now.warnings++;
	if (!now.may_warn)
		violation(0, "the core warns: %s", text);
}

/* Per-CPU memory */

void machine_lock_freed(void)
{
#ifdef __SANITIZE_ADDRESS__
	if (!machine.percpu_allocated)
		__asan_poison_memory_region(machine.percpu,
					    sizeof(machine.percpu));
#endif
}

void machine_unlock_freed(void)
{
#ifdef __SANITIZE_ADDRESS__
	__asan_unpoison_memory_region(machine.percpu, sizeof(machine.percpu));
#endif
}

void *machine_alloc_percpu(size_t size)
{
	if (size > MACHINE_PERCPU)
		violation(0, "the per-CPU area needs %zu bytes", size);
	if (machine.percpu_allocated)
		violation(0, "the per-CPU areas are allocated twice");
	if (now.alloc_fails)
		return NULL;
	machine_unlock_freed();
	machine.percpu_allocated = true;
	memset(machine.percpu, 0, sizeof(machine.percpu));
	return machine.percpu;
}

void machine_free_percpu(void *ptr)
{
	if (!ptr)
		return;
	if (ptr != machine.percpu || !machine.percpu_allocated)
		violation(0, "what is freed was not allocated");
	/* As SLUB does: whoever uses it still is to notice. */
	memset(machine.percpu, 0x6b, sizeof(machine.percpu));
	machine.percpu_allocated = false;
	machine_lock_freed();
}

void *machine_per_cpu_ptr(void *ptr, int cpu)
{
	return (char *)ptr + cpu * MACHINE_PERCPU;
}

void *machine_this_cpu_ptr(void *ptr)
{
	struct machine_cpu *c = this_cpu();

	if (!c->pinned && !c->preempt_count && !c->irqs_off)
		violation(0, "per-CPU data is used where the task can migrate");
	return machine_per_cpu_ptr(ptr, now.cpu);
}

/* MSRs */

static u32 msr_index(int msr)
{
	return machine_index ? machine_index[msr] : MACHINE_FIRST_MSR + msr;
}

/* Does the CPU read the MSR for the host's user mode? */
bool machine_user_uses(int msr)
{
	u32 index = msr_index(msr);

	return !(machine_insns & RUNS_FRED) ||
	       (index != MSR_LSTAR && index != MSR_CSTAR &&
		index != MSR_SYSCALL_MASK);
}

static int find_msr(u32 index)
{
	int msr;

	for (msr = 0; msr < machine_msrs; msr++) {
		if (index == msr_index(msr))
			return msr;
	}
	if (!machine_index)
		violation(0, "MSR 0x%x is none of the shared ones", index);
	return -1;
}

int machine_rdmsr(u32 index, u64 *value)
{
	int msr = find_msr(index);

	machine_point("before RDMSR");
	if (msr < 0 || now.presence[msr] == MSR_ABSENT) {
		tell("       RDMSR 0x%x on CPU %d: #GP\n", index, now.cpu);
		return -5;
	}
	*value = this_cpu()->msr[msr];
	if (now.probing)
		tell("       RDMSR 0x%x on CPU %d: 0x%llx\n", index, now.cpu, *value);
	machine_point("after RDMSR");
	return 0;
}

int machine_wrmsr(u32 index, u64 value)
{
	int msr = find_msr(index);
	bool refused;

	machine_point("before WRMSR");
	refused = msr < 0 || value & MACHINE_RESERVED ||
		  now.presence[msr] != MSR_PRESENT;
	tell("       WRMSR 0x%x on CPU %d: 0x%llx%s\n", index, now.cpu,
	     value, refused ? ", #GP" : "");
	if (refused) {
		machine_point("after WRMSR");
		return -5;
	}
	if (now.probing) {
		if (value != this_cpu()->msr[msr])
			violation(1, "the probe changes MSR 0x%x of CPU %d",
				  index, now.cpu);
	} else {
		if (value == this_cpu()->msr[msr])
			violation(3, "WRMSR of the value that MSR 0x%x holds",
				  index);
		if (!this_cpu()->enabled)
			violation(1, "WRMSR on CPU %d, which has virtualization disabled",
				  now.cpu);
	}
	this_cpu()->msr[msr] = value;
	machine_writes++;
	machine_point("after WRMSR");
	return 0;
}

int machine_wrmsrns(u32 index, u64 value)
{
	struct machine_wrmsrs *untraced = &now.untraced[now.cpu];

	if (!(machine_insns & HAS_WRMSRNS))
		violation(0, "the CPU has no WRMSRNS");
	if (machine_insns & CPUID_LIES || machine_wrmsr(index, value))
		return -5;

	if (untraced->nr == MACHINE_MSRS)
		violation(0, "WRMSRs are not traced");
	untraced->done[untraced->nr].index = index;
	untraced->done[untraced->nr++].value = value;
	return 0;
}

/* In the order in which they were executed. */
void machine_trace_wrmsr(u32 index, u64 value, int failed)
{
	struct machine_wrmsrs *untraced = &now.untraced[now.cpu];
	int i = untraced->nr_traced;

	if (failed || i == untraced->nr ||
	    untraced->done[i].index != index ||
	    untraced->done[i].value != value)
		violation(0, "a WRMSR of 0x%llx to 0x%x is traced, and was none",
			  value, index);
	if (++untraced->nr_traced == untraced->nr) {
		untraced->nr_traced = 0;
		untraced->nr = 0;
	}
}

void machine_wrmsr_or_panic(u32 index, u64 value)
{
	if (machine_wrmsr(index, value))
		violation(0, "an unsafe WRMSR raises #GP: the host panics");
}

/* User-return notifiers: a list for each CPU, a flag that follows it. */

static int find_notifier(struct machine_cpu *c, struct user_return_notifier *urn)
{
	int i;

	for (i = 0; i < c->nr_notifiers; i++) {
		if (c->notifiers[i] == urn)
			return i;
	}
	return -1;
}

void machine_register(struct user_return_notifier *urn)
{
	struct machine_cpu *c = this_cpu();

	machine_point("before the notifier is registered");
	machine_assert_preemption_disabled();
	if (!urn->on_user_return)
		violation(5, "the notifier has no function to call");
	if (find_notifier(c, urn) >= 0)
		violation(5, "the notifier is registered twice on CPU %d",
			  now.cpu);
	if (c->nr_notifiers == MACHINE_NOTIFIERS)
		violation(5, "CPU %d has notifiers of other CPUs", now.cpu);
	c->notifiers[c->nr_notifiers++] = urn;
	current()->notify = true;
	tell("       notifier registered on CPU %d\n", now.cpu);
	machine_point("after the notifier is registered");
}

void machine_unregister(struct user_return_notifier *urn)
{
	struct machine_cpu *c = this_cpu();
	int i;

	machine_point("before the notifier is unregistered");
	machine_assert_preemption_disabled();
	i = find_notifier(c, urn);
	if (i < 0)
		violation(5, "the notifier that is unregistered is not on CPU %d's list",
			  now.cpu);
	c->notifiers[i] = c->notifiers[--c->nr_notifiers];
	c->notifiers[c->nr_notifiers] = NULL;
	if (!c->nr_notifiers)
		current()->notify = false;
	tell("       notifier unregistered on CPU %d\n", now.cpu);
	machine_point("after the notifier is unregistered");
}

static void fire_notifiers(void)
{
	struct user_return_notifier *notifiers[MACHINE_NOTIFIERS];
	struct machine_cpu *c = this_cpu();
	int nr = c->nr_notifiers, i;

	memcpy(notifiers, c->notifiers, sizeof(notifiers));
	c->preempt_count++;
	for (i = 0; i < nr; i++) {
		machine_point("before the notifier is called");
		notifiers[i]->on_user_return(notifiers[i]);
	}
	c->preempt_count--;
}

/*
 * Kernels differ in whether interrupts are on while notifiers run.  With them
 * on, all can happen that can happen with them off.
 */
void machine_return_to_user(void)
{
	struct machine_cpu *c = this_cpu();
	int cpu = now.cpu, i;

	machine_point("on the way to user mode");
	for (i = 0; current()->notify; i++) {
		if (i == 10)
			violation(5, "the way back to user mode never ends");
		fire_notifiers();
		machine_point("on the way to user mode");
	}
	for (i = 0; i < machine_msrs; i++) {
		if (!c->enabled || machine_user_uses(i))
			c->want[i] = c->host[i];
	}
	rules_in_user_mode(cpu);
}

/* Tasks */

void machine_switch(int cpu, int task)
{
	struct machine_cpu *c = &machine.cpu[cpu];

	if (machine.task[c->task].notify) {
		machine.task[c->task].notify = false;
		machine.task[task].notify = true;
	}
	c->task = task;
}

/* What KVM does on a CPU that enables or disables virtualization. */

static int begin(int cpu, bool ipi)
{
	struct machine_cpu *c = &machine.cpu[cpu];
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

static void end(int cpu, bool ipi, int previous)
{
	struct machine_cpu *c = &machine.cpu[cpu];

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

void machine_disable(int cpu, bool ipi)
{
	struct machine_cpu *c = &machine.cpu[cpu];
	int previous = begin(cpu, ipi);

	drop_user_return_notifiers();
	c->enabled = false;
	memcpy(c->want, c->host, sizeof(c->want));
	end(cpu, ipi, previous);
}

void machine_on_each_cpu(void (*function)(void *info), void *info)
{
	int here = now.cpu, cpu;

	for (cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		if (machine.cpu[cpu].up) {
			begin(cpu, true);
			function(info);
			end(cpu, true, here);
		}
	}
}

void machine_enable(int cpu, bool ipi)
{
	struct machine_cpu *c = &machine.cpu[cpu];
	int previous = begin(cpu, ipi);

	kvm_shared_msr_cpu_online();
	c->enabled = true;
	c->sampled = true;
	end(cpu, ipi, previous);
}

/* Different on each CPU, and after each boot of it; nothing reserved is set. */
u64 machine_host_value(int cpu, int msr, u64 variant)
{
	u64 x = variant * 97 + msr * 7 + cpu + 1;

	x *= 0x9e3779b97f4a7c15ull;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ull;
	x ^= x >> 32;
	return x & ~MACHINE_RESERVED;
}

void machine_boot_cpu(int cpu, u64 variant)
{
	struct machine_cpu *c = &machine.cpu[cpu];
	int i;

	for (i = 0; i < MACHINE_MSRS; i++)
		c->host[i] = machine_host_value(cpu, i, variant);
	memcpy(c->msr, c->host, sizeof(c->msr));
	memcpy(c->want, c->host, sizeof(c->want));
	c->task = MACHINE_HOST_TASK + cpu;
	c->up = true;
}

void machine_boot(void)
{
	int cpu;

	machine_unlock_freed();
	memset(&machine, 0, sizeof(machine));
	memset(&now, 0, sizeof(now));
	for (cpu = 0; cpu < MACHINE_CPUS; cpu++)
		machine_boot_cpu(cpu, 0);
	machine_lock_freed();
}
