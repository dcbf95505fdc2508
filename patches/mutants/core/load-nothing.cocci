// SPDX-License-Identifier: GPL-2.0-only
// A set is said to be loaded, and is not.
@@
expression msr, value;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-wrmsrl_safe(msr, value)
+0
 ...>
 }
