// SPDX-License-Identifier: GPL-2.0-only
// A slot that is loaded is not marked dirty.
@@
@@
-smsrs->dirty = (smsrs->dirty | slots) & ~clean;
+smsrs->dirty &= ~clean;
