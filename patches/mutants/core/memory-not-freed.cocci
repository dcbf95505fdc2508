// SPDX-License-Identifier: GPL-2.0-only
// The per-CPU areas are leaked.
@@
@@
-free_percpu(shared_msrs);
