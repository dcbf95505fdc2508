// SPDX-License-Identifier: GPL-2.0-only
// Interrupts are on for a moment between unregistering and restoring.
@@
identifier smsrs;
@@
 kvm_on_user_return(...)
 {
 ...
+if (smsrs->registered) {
+	smsrs->registered = false;
+	user_return_notifier_unregister(&smsrs->urn);
+}
 kvm_restore_shared_msrs(smsrs, ...);
 }
