// SPDX-License-Identifier: GPL-2.0-only
// Interrupts are left off when a value is set on a CPU that has virtualization disabled.
@@
identifier flags;
@@
 kvm_set_shared_msr(...)
 {
 ...
-local_irq_restore(flags);
+if (smsrs->online)
+	local_irq_restore(flags);
 ...
 }
