// SPDX-License-Identifier: GPL-2.0-only
// An MSR that cannot be read leaves preemption disabled.
@@
identifier err, msr, value;
@@
 err = rdmsrl_safe(msr, &value);
-if (!err)
-	err = wrmsrl_safe(msr, value);
+if (err)
+	return err;
+err = wrmsrl_safe(msr, value);
