// SPDX-License-Identifier: GPL-2.0-only
// The comparison knows the mask, the write does not.
// Past bug: masked bits are written anyway.
@@
identifier smsrs, slot, value, mask;
@@
-value = (value & mask) | (smsrs->values[slot].host & ~mask);
-if (value == smsrs->values[slot].curr)
+if (((value & mask) | (smsrs->values[slot].host & ~mask)) == smsrs->values[slot].curr)
	return 0;
