// SPDX-License-Identifier: GPL-2.0-only
// A value that the hardware refuses is kept for the guest to read.
@@
expression msr, value;
identifier ret;
@@
-if (!ret)
-	msr->data = value;
+msr->data = value;
 return ret;
