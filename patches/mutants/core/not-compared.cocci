// SPDX-License-Identifier: GPL-2.0-only
// A value is written whether or not it is loaded.
@@
@@
 kvm_load_slots(...)
 {
 <...
-value != values->curr
+true
 ...>
 }
