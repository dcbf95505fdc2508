// SPDX-License-Identifier: GPL-2.0-only
// The IPI may come between the check and the writes.
@@
identifier smsrs, flags, out;
@@
+if (!smsrs->online)
+	return;
 local_irq_save(flags);
-if (!smsrs->online)
-	goto out;
