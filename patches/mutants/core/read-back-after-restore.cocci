// SPDX-License-Identifier: GPL-2.0-only
// The host's value is read back where the guest's has been restored.
@@
@@
-slots = set->passthrough & smsrs->dirty;
+slots = set->passthrough;
