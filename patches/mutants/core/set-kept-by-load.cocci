// SPDX-License-Identifier: GPL-2.0-only
// A set still counts as loaded after another value was.
@@
@@
 kvm_set_shared_msr(...)
 {
 <...
-__this_cpu_write(kvm_loaded_shared_msrs, NULL);
 ...>
 }
