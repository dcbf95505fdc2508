// SPDX-License-Identifier: GPL-2.0-only
// The next slot is marked dirty.
@@
identifier smsrs;
expression bit;
@@
-smsrs->dirty |= bit;
+smsrs->dirty |= (bit) << 1;
