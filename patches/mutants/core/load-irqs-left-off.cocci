// SPDX-License-Identifier: GPL-2.0-only
// Loading a set leaves interrupts off.
@@
identifier flags;
@@
 kvm_load_shared_msrs(...)
 {
 ...
-local_irq_restore(flags);
 }
