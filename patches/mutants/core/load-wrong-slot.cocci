// SPDX-License-Identifier: GPL-2.0-only
// Every slot gets the value of the first one.
@@
identifier msrs, slot;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-msrs[slot].data
+msrs[0].data
 ...>
 }
