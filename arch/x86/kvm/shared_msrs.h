/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared MSRs: MSRs that the CPU reads only on behalf of user mode, so that
 * the kernel may run with a guest's values in them.
 *
 * Who may call what:
 *
 *  - kvm_shared_msrs_init(), kvm_define_shared_msr() and kvm_shared_msrs_exit()
 *    run while no CPU has virtualization enabled. Nothing else runs beside
 *    them.
 *  - The functions that set, get, load or look at values run in task context
 *    with preemption disabled, on a CPU that has virtualization enabled.
 *  - kvm_shared_msr_cpu_online() and kvm_shared_msr_cpu_offline() run on the
 *    CPU that enables or disables virtualization. The latter may come as an
 *    IPI between any two instructions that run with interrupts enabled, and
 *    nothing is loaded on that CPU from then on. The former never comes while
 *    a vCPU's values are being loaded.
 *  - The notifier runs on the way back to user mode.
 *
 * Each CPU changes its own per-CPU state only, with interrupts disabled.
 */
#ifndef ARCH_X86_KVM_SHARED_MSRS_H
#define ARCH_X86_KVM_SHARED_MSRS_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/types.h>

#define KVM_NR_SHARED_MSRS 16

/**
 * struct kvm_shared_msr - a guest's value of a shared MSR
 * @data: the value, as the guest reads and writes it
 * @mask: the bits of @data to load; hardware keeps the host's other bits
 */
struct kvm_shared_msr {
	u64 data;
	u64 mask;
};

/**
 * struct kvm_shared_msr_set - the values of a vCPU
 * @msrs: the values, by slot
 * @owner: the number of the vCPU's VM, or 0 if not even its own secrets may be
 *         compared
 * @cpu: the CPU that loaded the set last, or -1; see kvm_shared_msrs_changed()
 * @passthrough: bit mask of the slots that the guest writes without a VM-exit
 *               while they are loaded; see kvm_read_back_shared_msrs()
 */
struct kvm_shared_msr_set {
	struct kvm_shared_msr msrs[KVM_NR_SHARED_MSRS];
	u64 owner;
	int cpu;
	unsigned long passthrough;
};

/* How many VMs there have been. */
extern atomic64_t kvm_shared_msr_owners;

/* The set that this CPU loaded last, NULL after any other change. */
DECLARE_PER_CPU(const struct kvm_shared_msr_set *, kvm_loaded_shared_msrs);

int kvm_shared_msrs_init(void);
void kvm_shared_msrs_exit(void);

int kvm_define_shared_msr(u32 msr);
int kvm_find_shared_msr(u32 msr);
int kvm_set_shared_msr(u64 owner, unsigned int slot, u64 data, u64 mask);
u64 kvm_get_shared_msr(unsigned int slot);
void kvm_load_shared_msrs(struct kvm_shared_msr_set *set, unsigned long slots);
void kvm_read_back_shared_msrs(struct kvm_shared_msr_set *set);
bool kvm_hold_shared_msrs(const struct kvm_shared_msr_set *set,
			  unsigned long slots);

/**
 * kvm_new_shared_msr_owner - get a number for a new VM
 *
 * Context: Any.
 * Return: a number that no VM has had, for the VM to load its values by.
 */
static inline u64 kvm_new_shared_msr_owner(void)
{
	return atomic64_inc_return(&kvm_shared_msr_owners);
}

/**
 * kvm_shared_msrs_loaded - is a set of values still loaded?
 * @set: the set
 *
 * Context: Task context, preemption disabled.
 * Return: true if this CPU has loaded the set, and nothing has changed since.
 * False does not mean that it holds other values.
 */
static inline bool
kvm_shared_msrs_loaded(const struct kvm_shared_msr_set *set)
{
	return __this_cpu_read(kvm_loaded_shared_msrs) == set &&
	       set->cpu == smp_processor_id();
}

/**
 * kvm_shared_msrs_changed - say that no CPU holds a set of values
 * @set: the set, new, or with another value, or other slots of it to be loaded
 *
 * Context: The set's vCPU is loaded, or not yet running.
 */
static inline void kvm_shared_msrs_changed(struct kvm_shared_msr_set *set)
{
	set->cpu = -1;
}

void kvm_shared_msr_cpu_online(void);
void kvm_shared_msr_cpu_offline(void);

#endif /* ARCH_X86_KVM_SHARED_MSRS_H */
