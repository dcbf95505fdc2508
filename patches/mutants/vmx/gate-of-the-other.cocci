// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL's gate is the one for TSC_AUX.
@@
@@
 vmx_demand_efer(...)
 {
 <...
-VMX_DEMAND_SYSCALL
+VMX_DEMAND_TSC_AUX
 ...>
 }
