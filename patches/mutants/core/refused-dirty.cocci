// SPDX-License-Identifier: GPL-2.0-only
// A slot is marked dirty although WRMSR refuses its value.
@@
expression bit;
@@
 refused |= bit;
-slots &= ~bit;
