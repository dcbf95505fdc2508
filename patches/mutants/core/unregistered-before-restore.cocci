// SPDX-License-Identifier: GPL-2.0-only
// Interrupts are on for a moment between unregistering and restoring.
@@
identifier smsrs, flags;
@@
 kvm_on_user_return(...)
 {
 ...
 local_irq_save(flags);
+if (smsrs->registered) {
+	smsrs->registered = false;
+	user_return_notifier_unregister(&smsrs->urn);
+}
+local_irq_restore(flags);
+local_irq_save(flags);
 kvm_restore_shared_msrs(smsrs, ...);
 ...
 }
