// SPDX-License-Identifier: GPL-2.0-only
// What is loaded when a CPU comes online is taken for the host's.
@@
identifier smsrs;
@@
-if (WARN_ON_ONCE(smsrs->dirty))
-	kvm_restore_shared_msrs(...);
+WARN_ON_ONCE(smsrs->dirty);
