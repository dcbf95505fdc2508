// SPDX-License-Identifier: GPL-2.0-only
// The values of a set are compared with the host's instead of the current ones.
@@
identifier values, value;
@@
 kvm_load_shared_msrs(...)
 {
 <...
-value != values->curr
+value != values->host
 ...>
 }
