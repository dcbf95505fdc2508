// SPDX-License-Identifier: GPL-2.0-only
// WRMSRLIST is not continued after the entry that raised #GP.
@@
identifier left;
statement S;
@@
-while (left) S
+if (left)
+	refused = left;
