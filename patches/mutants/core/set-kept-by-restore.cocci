// SPDX-License-Identifier: GPL-2.0-only
// After a return to user mode a vCPU's set still counts as loaded.
@@
@@
 kvm_restore_shared_msrs(...)
 {
 <...
-__this_cpu_write(kvm_loaded_shared_msrs, NULL);
 ...>
 }
