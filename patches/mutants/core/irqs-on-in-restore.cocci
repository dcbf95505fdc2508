// SPDX-License-Identifier: GPL-2.0-only
// Interrupts stay on while values are restored.
@@
identifier flags;
@@
 kvm_restore_shared_msrs(...)
 {
-unsigned long flags;
 ...
-local_irq_save(flags);
 ...
-local_irq_restore(flags);
 }
