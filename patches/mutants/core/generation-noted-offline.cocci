// SPDX-License-Identifier: GPL-2.0-only
// Values that the IPI has restored count as loaded.
@@
identifier smsrs, generation;
@@
-if (smsrs->online)
-	smsrs->generation = generation;
+smsrs->generation = generation;
