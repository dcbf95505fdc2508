// SPDX-License-Identifier: GPL-2.0-only
// A CPU counts as holding the set that it loaded last, wherever that was loaded and changed since.
@@
@@
-__this_cpu_read(kvm_loaded_shared_msrs) == set && set->cpu == smp_processor_id()
+__this_cpu_read(kvm_loaded_shared_msrs) == set
