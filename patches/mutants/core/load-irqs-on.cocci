// SPDX-License-Identifier: GPL-2.0-only
// Interrupts stay on while a set is loaded.
@@
identifier flags;
@@
 kvm_load_shared_msrs(...)
 {
 ...
-unsigned long flags;
 ...
-local_irq_save(flags);
 ...
-local_irq_restore(flags);
 ...
 }
