// SPDX-License-Identifier: GPL-2.0-only
// Whether a value is loaded already is asked of the first CPU.
@@
expression slot;
identifier smsrs, value;
@@
-if (value == smsrs->values[slot].curr)
+if (value == per_cpu_ptr(shared_msrs, 0)->values[slot].curr)
 	return 0;
