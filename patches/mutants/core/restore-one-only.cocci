// SPDX-License-Identifier: GPL-2.0-only
// Only the first dirty slot is restored.
@@
identifier dirty, smsrs;
statement S;
@@
-for (dirty = smsrs->dirty; dirty; dirty &= dirty - 1)
+dirty = smsrs->dirty;
+if (dirty)
 S
