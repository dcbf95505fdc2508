// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where another VM has loaded them.
@@
@@
-secret && (smsrs->owner != set->owner || secret & smsrs->foreign)
+secret & smsrs->foreign
