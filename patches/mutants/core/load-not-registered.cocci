// SPDX-License-Identifier: GPL-2.0-only
// Loading a set does not register the notifier.
@@
identifier smsrs;
@@
 kvm_load_shared_msrs(...)
 {
 ...
-kvm_register_if_dirty(smsrs);
 ...
 }
