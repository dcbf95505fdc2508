// SPDX-License-Identifier: GPL-2.0-only
// A slot whose cached value is the host's is not restored.
@@
identifier smsrs, slot;
expression list args;
@@
 kvm_restore_slots(...)
 {
 <...
+if (smsrs->values[slot].curr != smsrs->values[slot].host)
 kvm_write_shared_msr(smsrs, slot, args);
 ...>
 }
