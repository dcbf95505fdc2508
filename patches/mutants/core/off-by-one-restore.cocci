// SPDX-License-Identifier: GPL-2.0-only
// The next slot's MSR gets the host's value.
@@
expression list args;
@@
 kvm_restore_slots(...)
 {
 <...
-kvm_write_shared_msr(smsrs, slot, args)
+kvm_write_shared_msr(smsrs, slot + 1, args)
 ...>
 }
