// SPDX-License-Identifier: GPL-2.0-only
// Only the first dirty slot is restored.
@@
expression list args;
@@
 kvm_restore_slots(...)
 {
 <...
-kvm_write_shared_msr(args);
+{
+	kvm_write_shared_msr(args);
+	break;
+}
 ...>
 }
