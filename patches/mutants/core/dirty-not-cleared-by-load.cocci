// SPDX-License-Identifier: GPL-2.0-only
// A slot set back to the host's value stays dirty.
@@
identifier smsrs;
expression bits;
@@
 kvm_shared_msr_written(...)
 {
 <...
-smsrs->dirty &= bits;
+;
 ...>
 }
