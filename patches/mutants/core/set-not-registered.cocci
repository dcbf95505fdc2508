// SPDX-License-Identifier: GPL-2.0-only
// Setting a value does not register the notifier.
@@
identifier smsrs;
@@
 kvm_set_shared_msr(...)
 {
 <...
-kvm_register_if_dirty(smsrs);
 ...>
 }
