// SPDX-License-Identifier: GPL-2.0-only
// An MSR that can be read is taken for one that can be written.
@@
expression msr, value;
@@
-rdmsrl_safe(msr, &value) ?: wrmsrl_safe(msr, value)
+rdmsrl_safe(msr, &value)
