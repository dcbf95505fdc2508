// SPDX-License-Identifier: GPL-2.0-only
// An MSR that the CPU does not have leaves preemption disabled.
@@
@@
-preempt_enable();
 if (err)
 	return -ENXIO;
+preempt_enable();
