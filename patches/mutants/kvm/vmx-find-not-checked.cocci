// SPDX-License-Identifier: GPL-2.0-only
// A guest has a TSC_AUX on a CPU that has none.
@@
identifier slot, msr;
statement S;
@@
 vmx_find_shared_msr(struct vcpu_vmx *vmx, u32 msr)
 {
 ...
-if (slot < 0) S
+if (slot < 0 && msr != MSR_TSC_AUX) S
 ...
 }
