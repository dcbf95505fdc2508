// SPDX-License-Identifier: GPL-2.0-only
// A WRMSR that raises #GP leaves interrupts off.
@@
expression msr, value;
@@
 if (wrmsrl_safe(msr, value))
-	goto out;
+	return 1;
