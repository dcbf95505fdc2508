// SPDX-License-Identifier: GPL-2.0-only
// The guest's values are listed and the list is not written.
@@
identifier smsrs, list, listed;
@@
-if (listed && kvm_write_shared_msr_list(smsrs, listed, list))
+if (0)
	generation = 0;
