// SPDX-License-Identifier: GPL-2.0-only
// Each value that is read back is said to be new.
@@
@@
 kvm_read_back_shared_msrs(...)
 {
 <...
-if (...) { ... }
+set->msrs[slot].data = *curr;
+__set_bit(slot, &changed);
 ...>
 }
