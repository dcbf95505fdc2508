// SPDX-License-Identifier: GPL-2.0-only
// curr is not updated when a value of a set is loaded.
@@
identifier values, value;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-values->curr = value;
 ...>
 }
