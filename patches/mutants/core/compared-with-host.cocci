// SPDX-License-Identifier: GPL-2.0-only
// The value is compared with the host's instead of the current one.
@@
identifier smsrs, slot, value;
@@
-if (value == smsrs->values[slot].curr)
+if (value == smsrs->values[slot].host)
	return 0;
