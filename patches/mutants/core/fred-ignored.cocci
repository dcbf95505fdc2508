// SPDX-License-Identifier: GPL-2.0-only
// With FRED, what user mode does not use comes back all the same.
@@
expression smsrs;
@@
 kvm_on_user_return(...)
 {
 <...
-kvm_restore_shared_msrs(smsrs, shared_msrs_global.user)
+kvm_restore_shared_msrs(smsrs, ~0ul)
 ...>
 }
