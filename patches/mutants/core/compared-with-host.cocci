// SPDX-License-Identifier: GPL-2.0-only
// A value is compared with the host's instead of the current one.
@@
@@
 kvm_load_slots(...)
 {
 <...
-value != values->curr
+value != values->host
 ...>
 }
