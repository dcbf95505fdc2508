// SPDX-License-Identifier: GPL-2.0-only
// curr is updated although WRMSR raises #GP.
@@
statement S;
@@
 kvm_write_shared_msr(...)
 {
 ...
+smsrs->values[slot].curr = value;
 if (!wrmsrns || wrmsrns_safe(msr, value)) S
 ...
 }
