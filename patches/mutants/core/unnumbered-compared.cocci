// SPDX-License-Identifier: GPL-2.0-only
// The secrets of a VM without a number are compared when they are loaded.
@@
@@
-!owner || smsrs->owner != owner
+smsrs->owner != owner
