// SPDX-License-Identifier: GPL-2.0-only
// A guest whose LSTAR equals the current value gets no gate, even if that is another VM's.
@@
@@
 vmx_demand_close_gates(...)
 {
 <...
-kvm_hold_shared_msrs(...)
+(kvm_get_shared_msr(kvm_find_shared_msr(MSR_LSTAR)) ==
+ vmx_find_shared_msr(vmx, MSR_LSTAR)->data)
 ...>
 }
