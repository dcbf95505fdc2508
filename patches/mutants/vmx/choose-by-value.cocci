// SPDX-License-Identifier: GPL-2.0-only
// A guest whose LSTAR is what the CPU holds gets no gate, whoever's that is.
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
