/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-ins for what the core takes from kernel headers. Whatever another CPU
 * or an interrupt could notice goes to the sim.
 */
#ifndef SHARED_MSRS_KERNEL_H
#define SHARED_MSRS_KERNEL_H

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "../simulator.h"

#define KBUILD_MODNAME "kvm"

#define __percpu
#define __read_mostly
#define noinline __attribute__((__noinline__))
#define unlikely(condition) (condition)
#define __init
#define __ro_after_init
#undef __always_inline
#ifdef COVERAGE
/* Each copy of an inline function would have branches of its own. */
#define __always_inline
#else
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define EXPORT_SYMBOL_GPL(name)

#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define __ffs(word) ((unsigned int)__builtin_ctzl(word))
#define __set_bit(nr, word) ((void)(*(word) |= BIT(nr)))
#define __clear_bit(nr, word) ((void)(*(word) &= ~BIT(nr)))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define pr_err(format, ...) sim_log(pr_fmt(format), ##__VA_ARGS__)
#define WARN_ON_ONCE(condition) ({		\
	bool warn = (condition);		\
						\
	if (warn)				\
		sim_warn(#condition);	\
	warn;					\
})

#define alloc_percpu(type) ((type *)sim_alloc_percpu(sizeof(type)))
#define free_percpu(ptr) sim_free_percpu(ptr)
#define DECLARE_PER_CPU(type, name) extern type name[SIM_CPUS]
#define DEFINE_PER_CPU(type, name) type name[SIM_CPUS]
#define EXPORT_PER_CPU_SYMBOL_GPL(name)
#define smp_processor_id() sim_this_cpu()
#define __this_cpu_read(name) ((name)[smp_processor_id()])
#define __this_cpu_write(name, value) ((void)((name)[smp_processor_id()] = (value)))
#define per_cpu_ptr(ptr, cpu) ((typeof(ptr))sim_per_cpu_ptr(ptr, cpu))
#define this_cpu_ptr(ptr) ((typeof(ptr))sim_this_cpu_ptr(ptr))

#define on_each_cpu(function, info, wait) sim_on_each_cpu(function, info)

#define local_irq_save(flags) ((flags) = sim_irq_save())
#define local_irq_restore(flags) sim_irq_restore(flags)
#define local_irq_enable() sim_irq_restore(1)
#define local_irq_disable() ((void)sim_irq_save())
#define preempt_disable() sim_preempt_disable()
#define preempt_enable() sim_preempt_enable()
#define lockdep_assert_irqs_disabled() sim_assert_irqs_disabled()

#define DEFINE_STATIC_KEY_FALSE(name) bool name
#define static_branch_enable(key) ((void)(*(key) = true))
#define static_branch_unlikely(key) (*(key))

/*
 * The VMs' numbers are the only ones that are counted like this. Their lower
 * halves are the same, so that all of a number has to be kept.
 */
typedef struct { u64 counter; } atomic64_t;
#define atomic64_inc_return(counter) \
	((void)(counter), sim.nr_owners += 1ull << 32)

#define X86_FEATURE_WRMSRNS HAS_WRMSRNS
#define X86_FEATURE_RTM HAS_RTM
#define boot_cpu_has(feature) (sim_features & (feature))
/* CR4.FRED */
#define __read_cr4() (sim_features & RUNS_FRED ? BIT_ULL(32) : 0)
#define _ASM_EXTABLE(from, to)
#define tracepoint_enabled(name) false
#define do_trace_write_msr(msr, value, failed) ((void)0)

#define rdmsrl_safe(msr, value) sim_rdmsr(msr, value)
#define wrmsrl_safe(msr, value) sim_wrmsr(msr, value)
#define wrmsrl(msr, value) sim_wrmsr_or_warn(msr, value)
#define rdmsrl(msr, value) ((void)sim_rdmsr(msr, &(value)))

#define user_return_notifier_register(urn) sim_register(urn)
#define user_return_notifier_unregister(urn) sim_unregister(urn)

#endif /* SHARED_MSRS_KERNEL_H */
