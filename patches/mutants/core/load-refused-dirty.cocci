// SPDX-License-Identifier: GPL-2.0-only
// A slot of a set is marked dirty although WRMSR refuses its value.
@@
identifier slots;
expression slot;
@@
 kvm_load_shared_msrs(...)
 {
 <...
 generation = 0;
-slots &= ~BIT(slot);
 continue;
 ...>
 }
