/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared MSRs: MSRs that the CPU reads only on behalf of user mode, so that
 * the kernel may run with a guest's values in them.
 *
 * Who may call what:
 *
 *  - kvm_shared_msrs_init(), kvm_define_shared_msr() and kvm_shared_msrs_exit()
 *    run while no CPU has virtualization enabled; nothing else runs beside
 *    them.
 *  - Those that set, get or load values, and kvm_shared_msrs_loaded() and
 *    kvm_shared_msrs_hold(), run in task context with preemption disabled, on a
 *    CPU that has virtualization enabled.
 *  - kvm_shared_msr_cpu_online() and drop_user_return_notifiers() run on the
 *    CPU in question when it enables or disables virtualization. The latter may
 *    come as an IPI between any two instructions of these that run with
 *    interrupts enabled, and nothing is loaded on that CPU from then on; the
 *    former never comes while a vCPU's values are being loaded.
 *  - The notifier runs on the way back to user mode.
 *
 * All per-CPU state is changed by its own CPU only, with interrupts disabled.
 */
#ifndef ARCH_X86_KVM_SHARED_MSRS_H
#define ARCH_X86_KVM_SHARED_MSRS_H

#include <linux/types.h>

#define KVM_NR_SHARED_MSRS 16

/**
 * struct kvm_shared_msr - a guest's value of a shared MSR
 * @data: the value, as the guest reads and writes it
 * @mask: the bits of @data that hardware gets; it keeps the host's otherwise
 */
struct kvm_shared_msr {
	u64 data;
	u64 mask;
};

int kvm_shared_msrs_init(void);
void kvm_shared_msrs_exit(void);

int kvm_define_shared_msr(u32 msr);
int kvm_find_shared_msr(u32 msr);
int kvm_set_shared_msr(unsigned int slot, u64 data, u64 mask);
u64 kvm_get_shared_msr(unsigned int slot);
void kvm_load_shared_msrs(const struct kvm_shared_msr *msrs,
			  unsigned long slots, u64 generation);
bool kvm_shared_msrs_loaded(u64 generation);
bool kvm_shared_msrs_hold(const struct kvm_shared_msr *msrs,
			  unsigned long slots);

void kvm_shared_msr_cpu_online(void);
void drop_user_return_notifiers(void);

#endif /* ARCH_X86_KVM_SHARED_MSRS_H */
