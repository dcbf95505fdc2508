// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where it has loaded others.
@@
expression values;
@@
-if (values.curr != kvm_shared_msr_value(...))
-	return false;
