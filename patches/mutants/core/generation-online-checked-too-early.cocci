// SPDX-License-Identifier: GPL-2.0-only
// The IPI comes between the check and what it is about.
@@
identifier smsrs, generation, flags;
@@
 kvm_shared_msrs_set_loaded(...)
 {
 ...
-local_irq_save(flags);
-if (smsrs->online)
-	smsrs->generation = generation;
+if (!smsrs->online)
+	return;
+local_irq_save(flags);
+smsrs->generation = generation;
 ...
 }
