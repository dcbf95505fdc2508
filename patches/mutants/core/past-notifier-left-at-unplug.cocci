// SPDX-License-Identifier: GPL-2.0-only
// Disabling virtualization restores the values and leaves the notifier.
// Past bug: it is still registered when the CPU is gone.
@@
identifier smsrs;
@@
 drop_user_return_notifiers(...)
 {
 ...
-kvm_restore_shared_msrs(smsrs, ...);
+unsigned long dirty;
+
+for (dirty = smsrs->dirty; dirty; dirty &= dirty - 1) {
+	unsigned int slot = __ffs(dirty);
+
+	wrmsrl(shared_msrs_global.msrs[slot], smsrs->values[slot].host);
+	smsrs->values[slot].curr = smsrs->values[slot].host;
+}
+smsrs->dirty = 0;
 ...
 }
