// SPDX-License-Identifier: GPL-2.0-only
// What is active is not worked out again when RDTSCP comes with the guest's CPUID. 5.10.
@@
expression vmx;
@@
 vmx_vcpu_after_set_cpuid(...)
 {
 ...
-setup_msrs(vmx);
 ...
 }
