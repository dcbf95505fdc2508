// SPDX-License-Identifier: GPL-2.0-only
// WRMSRNS is taken for one that is never refused.
@@
expression msr, value;
statement S;
@@
-if (wrmsrns_safe(msr, value))
-	S
+wrmsrns_safe(msr, value);
