// SPDX-License-Identifier: GPL-2.0-only
// Interrupts come on between loading a value and registering the notifier.
@@
identifier smsrs, flags;
statement S;
@@
 kvm_write_shared_msr(...)
 {
 ...
 local_irq_save(flags);
 ...
+local_irq_restore(flags);
+local_irq_save(flags);
 if (!smsrs->registered) S
 ...
 }
