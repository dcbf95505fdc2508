// SPDX-License-Identifier: GPL-2.0-only
// User space is not told to save TSC_AUX.
@@
@@
 kvm_init_msr_list(...)
 {
 <...
-if (!kvm_cpu_cap_has(X86_FEATURE_RDTSCP))
-	continue;
+continue;
 ...>
 }
