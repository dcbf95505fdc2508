// SPDX-License-Identifier: GPL-2.0-only
// curr is updated first, and lies when WRMSR raises #GP.
@@
identifier values, slot, value;
@@
+values->curr = value;
 if (wrmsrl_safe(shared_msrs_global.msrs[slot], value))
	return 1;
-values->curr = value;
