// SPDX-License-Identifier: GPL-2.0-only
// A slot that a set gives the host's value stays dirty.
@@
identifier smsrs;
expression slot;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-smsrs->dirty &= ~BIT(slot);
 ...>
 }
