// SPDX-License-Identifier: GPL-2.0-only
// RDTSCP and RDPID run, whatever the guest's CPUID says.
@@
expression vmx, control, feature;
@@
-vmx_adjust_sec_exec_feature(vmx, control, feature, RDTSCP);
