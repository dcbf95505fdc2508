// SPDX-License-Identifier: GPL-2.0-only
// The mask is not applied at all.
@@
identifier smsrs, slot, value, mask;
@@
-value = (value & mask) | (smsrs->values[slot].host & ~mask);
+(void)mask;
