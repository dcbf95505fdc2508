// SPDX-License-Identifier: GPL-2.0-only
// Disabling virtualization restores the values and leaves the notifier.
// Past bug: it is still registered when the CPU is gone.
@@
expression smsrs;
@@
 kvm_shared_msr_cpu_offline(...)
 {
 ...
-kvm_restore_shared_msrs(smsrs, ...);
+bool registered = smsrs->registered;
+
+smsrs->registered = false;
+kvm_restore_shared_msrs(smsrs, ~0ul);
+smsrs->registered = registered;
 }
