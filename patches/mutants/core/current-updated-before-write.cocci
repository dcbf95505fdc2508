// SPDX-License-Identifier: GPL-2.0-only
// curr is updated first, and lies when WRMSR raises #GP.
@@
identifier smsrs, slot, value;
@@
+smsrs->values[slot].curr = value;
 if (wrmsrl_safe(shared_msrs_global.msrs[slot], value))
	goto out;
-smsrs->values[slot].curr = value;
