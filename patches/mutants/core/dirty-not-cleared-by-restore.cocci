// SPDX-License-Identifier: GPL-2.0-only
// Restored slots stay dirty.
@@
identifier smsrs, slots;
@@
-smsrs->dirty &= ~slots;
