// SPDX-License-Identifier: GPL-2.0-only
// The other slots' bits are cleared instead: a missing ~.
@@
expression bit;
@@
 kvm_load_slots(...)
 {
 <...
-smsrs->dirty &= ~bit;
+smsrs->dirty &= bit;
 ...>
 }
