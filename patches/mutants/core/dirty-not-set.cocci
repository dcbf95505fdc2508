// SPDX-License-Identifier: GPL-2.0-only
// A slot that is loaded is not marked dirty.
@@
identifier smsrs;
expression bit;
@@
-smsrs->dirty |= bit;
