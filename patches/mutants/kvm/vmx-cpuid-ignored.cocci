// SPDX-License-Identifier: GPL-2.0-only
// What is active is not worked out again when RDTSCP comes with the guest's CPUID.
@@
expression vmx;
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
(
-setup_msrs(vmx);
|
-vmx_setup_shared_msrs(vmx, update_transition_efer(vmx));
)
 ...
 }
