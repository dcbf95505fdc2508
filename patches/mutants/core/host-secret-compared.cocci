// SPDX-License-Identifier: GPL-2.0-only
// A secret value is compared with the host's.
@@
expression bit;
@@
 kvm_load_slots(...)
 {
 <...
-foreign & bit
+foreign & bit && value != values->host
 ...>
 }
