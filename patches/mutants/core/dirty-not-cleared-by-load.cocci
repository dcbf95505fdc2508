// SPDX-License-Identifier: GPL-2.0-only
// A slot set back to the host's value stays dirty.
@@
expression bit;
@@
 kvm_load_slots(...)
 {
 <...
-__clear_bit(bit, &smsrs->dirty);
 ...>
 }
