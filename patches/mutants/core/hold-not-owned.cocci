// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where the host's are the same.
@@
@@
-secret && (smsrs->owner != set->owner || secret & smsrs->foreign)
+secret && smsrs->owner != set->owner
