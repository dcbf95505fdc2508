// SPDX-License-Identifier: GPL-2.0-only
// Slot 0 is taken for no slot, and its value is not loaded.
// Past bug: the guest reads the host's TSC_AUX with RDPID.
@@
expression list args;
@@
 kvm_load_slots(...)
 {
 <...
-kvm_write_shared_msr(args)
+(slot && kvm_write_shared_msr(args))
 ...>
 }
