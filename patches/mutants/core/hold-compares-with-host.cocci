// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where they are the host's.
@@
expression values;
@@
-values.curr != kvm_shared_msr_value(
+values.host != kvm_shared_msr_value(
 ...)
