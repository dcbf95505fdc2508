// SPDX-License-Identifier: GPL-2.0-only
// Masked bits come from what is loaded, which may be another guest's.
@@
identifier smsrs, slot, value, mask;
@@
-value = (value & mask) | (smsrs->values[slot].host & ~mask);
+value = (value & mask) | (smsrs->values[slot].curr & ~mask);
