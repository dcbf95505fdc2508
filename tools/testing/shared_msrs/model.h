/* SPDX-License-Identifier: GPL-2.0-only */
/* The reference model, run beside the core; see model.c. */
#ifndef SHARED_MSRS_MODEL_H
#define SHARED_MSRS_MODEL_H

#include "steps.h"

/* What a run takes its steps from: any number. */
extern u64 (*model_random)(void);

void model_start(void);
/* False where the step that came up was not possible. */
bool model_step(void);

extern unsigned long model_writes;

#endif /* SHARED_MSRS_MODEL_H */
