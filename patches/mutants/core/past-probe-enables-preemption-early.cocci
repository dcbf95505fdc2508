// SPDX-License-Identifier: GPL-2.0-only
// The same past bug, narrower: RDMSR is protected, WRMSR is not.
@@
identifier err, msr, value;
@@
 err = rdmsrl_safe(msr, &value);
+preempt_enable();
 if (!err)
 	err = wrmsrl_safe(msr, value);
-preempt_enable();
