// SPDX-License-Identifier: GPL-2.0-only
// The comparison knows the mask, the write does not.
// Past bug: masked bits are written anyway.
@@
expression list args;
@@
 kvm_load_slots(...)
 {
 <...
-kvm_write_shared_msr(smsrs, slot, value, args)
+kvm_write_shared_msr(smsrs, slot, msrs[slot - first].data, args)
 ...>
 }
