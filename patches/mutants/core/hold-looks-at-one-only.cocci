// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where the first one is.
@@
expression values, E;
@@
-if (values.curr != kvm_shared_msr_value(&values, E))
-	return false;
+return values.curr == kvm_shared_msr_value(&values, E);
