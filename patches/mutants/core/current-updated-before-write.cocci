// SPDX-License-Identifier: GPL-2.0-only
// curr is updated first, and lies when WRMSR raises #GP.
@@
expression slot, value;
@@
-if (wrmsrl_safe(shared_msrs_global.msrs[slot], value))
-	return 1;
+smsrs->values[slot].curr = value;
+if (wrmsrl_safe(shared_msrs_global.msrs[slot], value))
+	return 1;
