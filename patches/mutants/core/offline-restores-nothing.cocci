// SPDX-License-Identifier: GPL-2.0-only
// Disabling virtualization restores nothing.
@@
@@
 kvm_shared_msr_cpu_offline(...)
 {
 ...
-kvm_restore_shared_msrs(...);
 }
