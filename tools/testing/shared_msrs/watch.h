/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's functions as vCPUs call them, with what they say and do checked:
 * whoever includes this calls these instead.
 */
#ifndef SHARED_MSRS_WATCH_H
#define SHARED_MSRS_WATCH_H

#include "core.h"

int watch_set(u64 owner, unsigned int slot, u64 data, u64 mask);
void watch_load(struct kvm_shared_msr_set *set, unsigned long slots);
bool watch_loaded(const struct kvm_shared_msr_set *set);
bool watch_hold(const struct kvm_shared_msr_set *set, unsigned long slots);

#define kvm_set_shared_msr watch_set
#define kvm_load_shared_msrs watch_load
#define kvm_shared_msrs_loaded watch_loaded
#define kvm_hold_shared_msrs watch_hold

#endif /* SHARED_MSRS_WATCH_H */
