// SPDX-License-Identifier: GPL-2.0-only
// Whether a value is loaded already is asked of the first CPU.
@@
@@
 kvm_load_slots(...)
 {
 <...
-value != values->curr
+value != per_cpu_ptr(shared_msrs, 0)->values[slot].curr
 ...>
 }
