// SPDX-License-Identifier: GPL-2.0-only
// Every slot gets the value of the first one.
@@
@@
 kvm_load_slots(...)
 {
 <...
-msrs[slot - first]
+msrs[0]
 ...>
 }
