// SPDX-License-Identifier: GPL-2.0-only
// Interrupts come on between loading a set and registering the notifier.
@@
identifier smsrs, generation;
@@
 smsrs->generation = generation;
+local_irq_restore(flags);
+local_irq_save(flags);
 kvm_register_if_dirty(smsrs);
