// SPDX-License-Identifier: GPL-2.0-only
// Interrupts stay on in the notifier.
@@
identifier flags;
@@
 kvm_on_user_return(...)
 {
 ...
-unsigned long flags;
-local_irq_save(flags);
 ...
-local_irq_restore(flags);
 }
