// SPDX-License-Identifier: GPL-2.0-only
// An MSR that can be read is taken for one that can be written.
@@
identifier err, msr, value;
@@
 err = rdmsrl_safe(msr, &value);
-if (!err)
-	err = wrmsrl_safe(msr, value);
