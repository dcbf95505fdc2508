// SPDX-License-Identifier: GPL-2.0-only
// A CPU that has loaded a set counts as holding it, whatever it has loaded since.
@@
@@
-__this_cpu_read(kvm_loaded_shared_msrs) == set && set->cpu == smp_processor_id()
+set->cpu == smp_processor_id()
