// SPDX-License-Identifier: GPL-2.0-only
// The host's value is taken for the current one.
@@
expression slot;
@@
 kvm_get_shared_msr(...)
 {
 ...
-return this_cpu_ptr(shared_msrs)->values[slot].curr;
+return this_cpu_ptr(shared_msrs)->values[slot].host;
 }
