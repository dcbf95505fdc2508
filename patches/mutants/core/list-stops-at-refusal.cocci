// SPDX-License-Identifier: GPL-2.0-only
// WRMSRLIST is not continued after the entry that raised #GP.
@@
identifier left, failed;
@@
 failed |= left & -left;
-left &= left - 1;
+break;
