// SPDX-License-Identifier: GPL-2.0-only
// Loading a set on a CPU that has virtualization disabled leaves interrupts off.
@@
identifier smsrs, out;
@@
 if (!smsrs->online)
-	goto out;
+	return;
