// SPDX-License-Identifier: GPL-2.0-only
// Nothing to restore is taken for nothing to unregister.
// Past bug: the module is unloaded with a notifier registered.
@@
expression smsrs;
@@
 kvm_shared_msr_cpu_offline(...)
 {
 ...
+if (smsrs->dirty)
 kvm_restore_shared_msrs(smsrs, ...);
 }
