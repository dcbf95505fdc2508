// SPDX-License-Identifier: GPL-2.0-only
// A guest whose TSC_AUX is the host's gets no gate for it.
@@
@@
 vmx_demand_close_gates(...)
 {
 <...
-kvm_hold_shared_msrs(...)
+(group == VMX_DEMAND_TSC_AUX &&
+ kvm_get_shared_msr(kvm_find_shared_msr(MSR_TSC_AUX)) ==
+	vmx_find_shared_msr(vmx, MSR_TSC_AUX)->data)
 ...>
 }
