// SPDX-License-Identifier: GPL-2.0-only
// The value is written whether or not it is loaded.
@@
identifier smsrs, slot, value;
@@
-if (value == smsrs->values[slot].curr)
-	return 0;
