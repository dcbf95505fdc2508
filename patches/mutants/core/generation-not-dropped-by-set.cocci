// SPDX-License-Identifier: GPL-2.0-only
// A set still counts as loaded after one of its MSRs was set to another value.
@@
identifier smsrs;
@@
 kvm_set_shared_msr(...)
 {
 <...
-smsrs->generation = 0;
 ...>
 }
