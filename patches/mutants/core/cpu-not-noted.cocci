// SPDX-License-Identifier: GPL-2.0-only
// A set does not know which CPU has loaded it.
@@
@@
-set->cpu = smp_processor_id();
