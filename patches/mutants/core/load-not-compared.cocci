// SPDX-License-Identifier: GPL-2.0-only
// All values of a set are written, loaded or not.
@@
identifier values, value;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-value != values->curr
+true
 ...>
 }
