/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of Documentation/virt/kvm/x86/shared-msrs.rst ("What must hold"),
 * checked against what the hardware holds, what the kernel's lists say and what
 * was asked for. Of the core's own bookkeeping only the cached values are looked
 * at, by rule 4.
 *
 * How few WRMSRs are enough is in model.c. Rule 6, about gates, is in vmcs.c,
 * which has the VMCSs. Rule 7 is observe()'s.
 */
#ifndef SHARED_MSRS_RULES_H
#define SHARED_MSRS_RULES_H

#include "core.h"

/* From now on the simulator has them checked. */
void rules_start(void);
void rules_in_user_mode(int cpu);
/* A slot that the guest can use, from VM-entry to VM-exit. */
void rules_in_guest(int cpu, int slot, u64 data, u64 mask);
void rules_after_step(void);

#endif /* SHARED_MSRS_RULES_H */
