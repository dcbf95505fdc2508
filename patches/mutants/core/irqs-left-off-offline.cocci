// SPDX-License-Identifier: GPL-2.0-only
// Setting a value on a CPU that has virtualization disabled leaves interrupts off.
@@
identifier flags, smsrs, ret;
@@
 kvm_set_shared_msr(...)
 {
 struct kvm_shared_msrs *smsrs = ...;
 ...
-local_irq_restore(flags);
+if (smsrs->online)
+	local_irq_restore(flags);
 return ret;
 }
