// SPDX-License-Identifier: GPL-2.0-only
// A slot is marked dirty although WRMSR refuses its value.
@@
@@
-slots &= ~refused;
