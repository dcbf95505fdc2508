// SPDX-License-Identifier: GPL-2.0-only
// The vCPU may be switched out between looking whether it is switched in and the load.
@@
@@
 vmx_setup_shared_msrs(...)
 {
 ...
-preempt_disable();
 ...
-preempt_enable();
 }
