// SPDX-License-Identifier: GPL-2.0-only
// A slot set back to the host's value stays dirty.
@@
@@
-smsrs->dirty = (smsrs->dirty | slots) & ~clean;
+smsrs->dirty |= slots;
