// SPDX-License-Identifier: GPL-2.0-only
// curr is not updated when a value is loaded.
@@
identifier smsrs, slot, value;
@@
 kvm_write_shared_msr(...)
 {
 ...
-smsrs->values[slot].curr = value;
 ...
 }
