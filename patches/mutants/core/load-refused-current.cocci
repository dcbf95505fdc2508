// SPDX-License-Identifier: GPL-2.0-only
// curr is updated although WRMSR refuses a value of a set.
@@
identifier slots;
expression slot;
@@
 kvm_load_shared_msrs(...)
 {
 <...
 slots &= ~BIT(slot);
-continue;
 ...>
 }
