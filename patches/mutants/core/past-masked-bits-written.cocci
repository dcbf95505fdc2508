// SPDX-License-Identifier: GPL-2.0-only
// The comparison knows the mask, the write does not.
// Past bug: masked bits are written anyway.
@@
identifier slot, data;
expression msr, value;
@@
 kvm_set_shared_msr(unsigned int slot, u64 data, ...)
 {
 <...
-wrmsrl_safe(msr, value)
+wrmsrl_safe(msr, data)
 ...>
 }
