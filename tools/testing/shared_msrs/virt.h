/* SPDX-License-Identifier: GPL-2.0-only */
/* What KVM does on a CPU that enables or disables virtualization. */
#ifndef SHARED_MSRS_VIRT_H
#define SHARED_MSRS_VIRT_H

#include "core.h"

/* On the current CPU, in an IPI handler or pinned to it. */
void virt_enable(bool enable);

#endif /* SHARED_MSRS_VIRT_H */
