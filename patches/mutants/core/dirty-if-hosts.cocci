// SPDX-License-Identifier: GPL-2.0-only
// A slot that is set to the host's value is marked dirty.
@@
expression bit;
@@
 __clear_bit(bit, &smsrs->dirty);
-__clear_bit(bit, &slots);
