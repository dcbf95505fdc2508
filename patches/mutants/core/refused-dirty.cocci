// SPDX-License-Identifier: GPL-2.0-only
// A slot is marked dirty although WRMSR refuses its value.
@@
expression bit;
@@
 __set_bit(bit, &refused);
-__clear_bit(bit, &slots);
