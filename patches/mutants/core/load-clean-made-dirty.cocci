// SPDX-License-Identifier: GPL-2.0-only
// A slot whose value in a set is the host's is marked dirty.
@@
identifier smsrs, slots;
expression slot;
@@
 kvm_load_shared_msrs(...)
 {
 <...
 smsrs->dirty &= ~BIT(slot);
-slots &= ~BIT(slot);
 ...>
 }
