// SPDX-License-Identifier: GPL-2.0-only
// Disabling virtualization restores nothing.
@@
@@
 drop_user_return_notifiers(...)
 {
 ...
-kvm_restore_shared_msrs(...);
 ...
 }
