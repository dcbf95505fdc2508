// SPDX-License-Identifier: GPL-2.0-only
// Whether a value is loaded already is asked of the first CPU.
@@
identifier values, value;
@@
-if (value == values->curr)
+if (value == per_cpu_ptr(shared_msrs, 0)->values[slot].curr)
	continue;
