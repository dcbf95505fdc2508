// SPDX-License-Identifier: GPL-2.0-only
// A loaded slot is no longer restored once another one is set.
// Past bug: the active set changes while guest values are loaded, and the host's SYSCALL lands at
// a guest's address.
@@
identifier smsrs;
expression bit;
@@
-smsrs->dirty |= bit;
+smsrs->dirty = bit;
