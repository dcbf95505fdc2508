// SPDX-License-Identifier: GPL-2.0-only
// The other slots' bits are cleared as well.
@@
expression bit;
@@
 kvm_load_slots(...)
 {
 <...
-__clear_bit(bit, &smsrs->dirty);
+smsrs->dirty = 0;
 ...>
 }
