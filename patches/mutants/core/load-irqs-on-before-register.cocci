// SPDX-License-Identifier: GPL-2.0-only
// Interrupts come on between loading and registering the notifier.
@@
statement S;
@@
 kvm_load_slots(...)
 {
 ... when any
+local_irq_enable();
+local_irq_disable();
 if (smsrs->dirty & shared_msrs_global.user && !smsrs->registered) S
 ... when any
 }
