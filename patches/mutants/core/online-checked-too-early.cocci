// SPDX-License-Identifier: GPL-2.0-only
// The IPI may come between the check and the writes.
@@
@@
-if (!smsrs->online)
-	return slots;

@@
@@
 kvm_set_shared_msr(...)
 {
 ... when any
+if (!smsrs->online)
+	return 1;
 local_irq_save(flags);
 ... when any
 }

@@
@@
 kvm_load_shared_msrs(...)
 {
 ... when any
+if (!smsrs->online)
+	return;
 local_irq_save(flags);
 ... when any
 }
