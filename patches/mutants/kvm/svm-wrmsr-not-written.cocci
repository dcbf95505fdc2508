// SPDX-License-Identifier: GPL-2.0-only
// A guest's WRMSR of TSC_AUX does not reach the hardware.
@@
typedef u32;
expression r, data;
@@
(
-r = kvm_set_shared_msr(tsc_aux_slot, (u32)data, ~0ull);
+r = 0;
|
-r = kvm_set_shared_msr(tsc_aux_slot, data, ~0ull);
+r = 0;
)
