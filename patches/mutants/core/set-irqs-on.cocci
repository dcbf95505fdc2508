// SPDX-License-Identifier: GPL-2.0-only
// Interrupts stay on while a value is set.
@@
identifier flags;
@@
 kvm_set_shared_msr(...)
 {
 ...
-unsigned long flags;
 ...
-local_irq_save(flags);
 ...
-local_irq_restore(flags);
 ...
 }
