// SPDX-License-Identifier: GPL-2.0-only
// Interrupts come on between loading a value and registering the notifier.
@@
identifier smsrs, flags;
@@
 kvm_set_shared_msr(...)
 {
 ...
 unsigned long flags;
 <...
+local_irq_restore(flags);
+local_irq_save(flags);
 kvm_register_if_dirty(smsrs);
 ...>
 }
