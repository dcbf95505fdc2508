// SPDX-License-Identifier: GPL-2.0-only
// curr is not updated when an MSR is written.
@@
@@
 kvm_write_shared_msr(...)
 {
 <...
-smsrs->values[slot].curr = value;
 ...>
 }
