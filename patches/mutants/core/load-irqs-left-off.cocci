// SPDX-License-Identifier: GPL-2.0-only
// Interrupts are left off when a set is loaded on a CPU that has virtualization disabled.
@@
identifier flags;
@@
 kvm_load_shared_msrs(...)
 {
 ...
-local_irq_restore(flags);
+if (smsrs->online)
+	local_irq_restore(flags);
 ...
 }
