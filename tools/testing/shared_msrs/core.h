/* SPDX-License-Identifier: GPL-2.0-only */
/* The core, and the few things of it that tests look at. */
#ifndef SHARED_MSRS_CORE_H
#define SHARED_MSRS_CORE_H

#include "simulator.h"
#include "shared_msrs.h"

/* As if kvm.ko were loaded anew. */
void core_start(void);
/* Makes the core's memory part of the state. */
void core_snapshot(void);

/* For rule 4, which is about the cache. */
u64 core_current_value(int cpu, int slot);
/*
 * For a search: make states equal that do not differ in what follows. Which VM
 * owns nothing does not matter, nor which CPU has loaded a set before another CPU
 * or another set came. False if @set is not loaded anywhere.
 */
void core_normalize_cpus(void);
bool core_normalize_set(struct kvm_shared_msr_set *set);

#endif /* SHARED_MSRS_CORE_H */
