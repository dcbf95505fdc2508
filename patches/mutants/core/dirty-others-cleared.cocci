// SPDX-License-Identifier: GPL-2.0-only
// The other slots' bits are cleared instead: a missing ~.
@@
identifier smsrs;
expression bit;
@@
-smsrs->dirty &= ~bit;
+smsrs->dirty &= bit;
