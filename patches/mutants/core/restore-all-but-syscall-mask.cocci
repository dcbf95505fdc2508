// SPDX-License-Identifier: GPL-2.0-only
// The host's SYSCALL_MASK is not restored: system calls begin with the flags of user mode.
@@
expression list args;
@@
 kvm_restore_slots(...)
 {
 <...
-kvm_write_shared_msr(args);
+if (shared_msrs_global.msrs[slot] != MSR_SYSCALL_MASK)
+	kvm_write_shared_msr(args);
 ...>
 }
