// SPDX-License-Identifier: GPL-2.0-only
// The probe may be continued by another CPU.
// Past bug: TSC_AUX of one CPU is written to another one.
@@
@@
 kvm_define_shared_msr(...)
 {
 ...
-preempt_disable();
 ...
-preempt_enable();
 ...
 }
