// SPDX-License-Identifier: GPL-2.0-only
// A set still counts as loaded after other values were.
@@
@@
+if (set)
 	__this_cpu_write(kvm_loaded_shared_msrs, set);
