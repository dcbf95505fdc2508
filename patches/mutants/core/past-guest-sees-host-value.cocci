// SPDX-License-Identifier: GPL-2.0-only
// Slot 0 is taken for no slot, and its value is not loaded.
// Past bug: the guest reads the host's TSC_AUX with RDPID.
@@
identifier smsrs, slot, value;
@@
-if (value == smsrs->values[slot].curr)
+if (!slot || value == smsrs->values[slot].curr)
	return 0;
