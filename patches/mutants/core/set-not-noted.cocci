// SPDX-License-Identifier: GPL-2.0-only
// Every vCPU that is switched in loads its values one by one.
@@
@@
-__this_cpu_write(kvm_loaded_shared_msrs, set);
+__this_cpu_write(kvm_loaded_shared_msrs, NULL);
