// SPDX-License-Identifier: GPL-2.0-only
// Nothing is restored.
@@
expression list args;
@@
 kvm_restore_slots(...)
 {
 <...
-kvm_write_shared_msr(args);
+(void)slot;
 ...>
 }
