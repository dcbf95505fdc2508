// SPDX-License-Identifier: GPL-2.0-only
// The IPI may come between the check and the write.
@@
identifier smsrs, flags;
expression E;
@@
 kvm_set_shared_msr(...)
 {
 ...
+if (!smsrs->online)
+	return 1;
 local_irq_save(flags);
-if (smsrs->online && E)
+if (E)
 { ... }
 ...
 }
