// SPDX-License-Identifier: GPL-2.0-only
// A set counts as loaded although WRMSR refuses one of its values.
@@
identifier slots;
expression slot;
@@
 kvm_load_shared_msrs(..., u64 generation)
 {
 <...
-generation = 0;
 slots &= ~BIT(slot);
 continue;
 ...>
 }
