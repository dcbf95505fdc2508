// SPDX-License-Identifier: GPL-2.0-only
// The host's values are listed and the list is not written.
@@
identifier smsrs, list;
@@
-if (static_branch_unlikely(&kvm_has_wrmsrlist) && smsrs->dirty)
-	WARN_ON_ONCE(kvm_wrmsrlist(smsrs->dirty, list));
