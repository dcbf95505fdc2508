// SPDX-License-Identifier: GPL-2.0-only
@table@
@@
 struct kvm_shared_msrs_global {
 ...
-unsigned long user;
 ...
 };

@define@
statement S;
@@
-if (kvm_user_mode_uses(...)) S

@restored@
@@
-kvm_restore_shared_msrs(smsrs, shared_msrs_global.user);
+kvm_restore_shared_msrs(smsrs, ~0ul);

@dirty@
@@
-smsrs->dirty & shared_msrs_global.user
+smsrs->dirty
