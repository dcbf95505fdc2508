// SPDX-License-Identifier: GPL-2.0-only
// A guest's value counts as loaded where it is the host's.
@@
identifier smsrs;
expression slot;
@@
 kvm_shared_msr_holds(...)
 {
 <...
-smsrs->values[slot].curr
+smsrs->values[slot].host
 ...>
 }
