// SPDX-License-Identifier: GPL-2.0-only
// curr is updated first, and lies when WRMSR raises #GP.
@@
expression slot, value;
@@
 kvm_set_shared_msr(...)
 {
 <...
-!wrmsrl_safe(shared_msrs_global.msrs[slot], value)
+!(smsrs->values[slot].curr = value, wrmsrl_safe(shared_msrs_global.msrs[slot], value))
 ...>
 }
