// SPDX-License-Identifier: GPL-2.0-only
// A vCPU's values still count as loaded after another one's were.
@@
identifier smsrs;
@@
 kvm_write_shared_msr(...)
 {
 <...
-smsrs->generation = 0;
 ...>
 }
