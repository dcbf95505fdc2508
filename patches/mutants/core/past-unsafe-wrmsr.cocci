// SPDX-License-Identifier: GPL-2.0-only
// A guest's value is written without a handler for #GP.
// Past bug: the guest panics the host.
@@
expression msr, value;
@@
-if (wrmsrl_safe(msr, value))
-	return 1;
+wrmsrl(msr, value);
