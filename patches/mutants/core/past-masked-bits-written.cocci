// SPDX-License-Identifier: GPL-2.0-only
// The comparison knows the mask, the write does not.
// Past bug: masked bits are written anyway.
@@
identifier smsrs, slot, value, data;
@@
 kvm_set_shared_msr(unsigned int slot, u64 data, ...)
 {
 <...
-kvm_write_shared_msr(smsrs, slot, value)
+kvm_write_shared_msr(smsrs, slot, data)
 ...>
 }
