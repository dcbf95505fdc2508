// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where the host's are the same.
@@
@@
-secret && (smsrs->owner != owner || secret & ~smsrs->owned)
+secret && smsrs->owner != owner
