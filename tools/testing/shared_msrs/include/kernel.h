/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-ins for what the core takes from kernel headers.  Whatever another CPU
 * or an interrupt could notice goes to the machine.
 */
#ifndef SHARED_MSRS_KERNEL_H
#define SHARED_MSRS_KERNEL_H

#include <stddef.h>

#include "../machine.h"

#define KBUILD_MODNAME "kvm"

#define __percpu
#define __read_mostly
#define noinline __attribute__((__noinline__))
#define __init
#define __ro_after_init
#undef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#define EXPORT_SYMBOL_GPL(name)

#define BIT(nr) (1UL << (nr))
#define __ffs(word) ((unsigned int)__builtin_ctzl(word))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define pr_err(format, ...) machine_log(pr_fmt(format), ##__VA_ARGS__)
#define WARN_ON_ONCE(condition) ({		\
	bool warn = (condition);		\
						\
	if (warn)				\
		machine_warn(#condition);	\
	warn;					\
})

#define alloc_percpu(type) ((type *)machine_alloc_percpu(sizeof(type)))
#define free_percpu(ptr) machine_free_percpu(ptr)
#define per_cpu_ptr(ptr, cpu) ((typeof(ptr))machine_per_cpu_ptr(ptr, cpu))
#define this_cpu_ptr(ptr) ((typeof(ptr))machine_this_cpu_ptr(ptr))
#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (cpu) < MACHINE_CPUS; (cpu)++)

#define on_each_cpu(function, info, wait) machine_on_each_cpu(function, info)

#define local_irq_save(flags) ((flags) = machine_irq_save())
#define local_irq_restore(flags) machine_irq_restore(flags)
#define preempt_disable() machine_preempt_disable()
#define preempt_enable() machine_preempt_enable()
#define lockdep_assert_irqs_disabled() machine_assert_irqs_disabled()
#define lockdep_assert_preemption_disabled() \
	machine_assert_preemption_disabled()

#define DEFINE_STATIC_KEY_FALSE(name) bool name
#define static_branch_enable(key) ((void)(*(key) = true))
#define static_branch_unlikely(key) (*(key))

#define tracepoint_enabled(name) true
#define do_trace_write_msr(msr, value, failed) \
	machine_trace_wrmsr(msr, value, failed)

#define rdmsrl_safe(msr, value) machine_rdmsr(msr, value)
#define wrmsrl_safe(msr, value) machine_wrmsr(msr, value)
#define wrmsrl(msr, value) machine_wrmsr_or_panic(msr, value)

#define user_return_notifier_register(urn) machine_register(urn)
#define user_return_notifier_unregister(urn) machine_unregister(urn)

#endif /* SHARED_MSRS_KERNEL_H */
