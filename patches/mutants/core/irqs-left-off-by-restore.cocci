// SPDX-License-Identifier: GPL-2.0-only
// Restoring leaves interrupts off.
@@
expression flags;
@@
 kvm_restore_shared_msrs(...)
 {
 ...
-local_irq_restore(flags);
 }
