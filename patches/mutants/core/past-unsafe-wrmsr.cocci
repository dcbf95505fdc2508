// SPDX-License-Identifier: GPL-2.0-only
// A guest's value is written without a handler for #GP.
// Past bug: the guest panics the host.
@@
expression msr, value;
@@
 kvm_write_shared_msr(...)
 {
 <...
-wrmsrl_safe(msr, value)
+(wrmsrl(msr, value), 0)
 ...>
 }
