// SPDX-License-Identifier: GPL-2.0-only
// The vCPU may be switched out between the opening of a gate and the load.
@@
@@
 vmx_demand_open_gates(...)
 {
 ...
-preempt_disable();
 ...
-preempt_enable();
 }
