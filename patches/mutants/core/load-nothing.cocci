// SPDX-License-Identifier: GPL-2.0-only
// A set is said to be loaded, and is not.
@@
identifier smsrs, slot, value;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-kvm_write_shared_msr(smsrs, slot, value)
+0
 ...>
 }
