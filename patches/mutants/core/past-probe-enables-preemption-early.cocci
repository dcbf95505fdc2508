// SPDX-License-Identifier: GPL-2.0-only
// The same past bug, narrower: RDMSR is protected, WRMSR is not.
@@
expression err, msr, value;
@@
-err = rdmsrl_safe(msr, &value) ?: wrmsrl_safe(msr, value);
-preempt_enable();
+err = rdmsrl_safe(msr, &value);
+preempt_enable();
+if (!err)
+	err = wrmsrl_safe(msr, value);
