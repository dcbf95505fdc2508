// SPDX-License-Identifier: GPL-2.0-only
// The secrets of a VM without a number are compared to see whether they are held.
@@
expression E;
@@
-!owner || smsrs->owner != owner || E
+smsrs->owner != owner || E
