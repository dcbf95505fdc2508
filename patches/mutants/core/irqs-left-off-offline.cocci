// SPDX-License-Identifier: GPL-2.0-only
// Loading on a CPU that has virtualization disabled leaves interrupts off.
@@
identifier smsrs;
@@
 if (!smsrs->online)
-	goto out;
+	return 1;
