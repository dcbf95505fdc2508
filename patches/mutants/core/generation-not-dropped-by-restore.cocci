// SPDX-License-Identifier: GPL-2.0-only
// After a return to user mode a vCPU's values still count as loaded.
@@
identifier smsrs;
@@
 kvm_restore_shared_msrs(...)
 {
 <...
-smsrs->generation = 0;
 ...>
 }
