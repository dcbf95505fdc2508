// SPDX-License-Identifier: GPL-2.0-only
// Nothing is read back.
@@
@@
-slots = set->passthrough & smsrs->dirty;
+slots = 0;
