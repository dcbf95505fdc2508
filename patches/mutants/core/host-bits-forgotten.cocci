// SPDX-License-Identifier: GPL-2.0-only
// Masked bits are zero instead of the host's.
@@
identifier smsrs, slot, value, mask;
@@
-value = (value & mask) | (smsrs->values[slot].host & ~mask);
+value = value & mask;
