// SPDX-License-Identifier: GPL-2.0-only
// The computation of the secondary controls opens the gate unnoticed.
@@
expression vmx, control;
@@
-vmx_demand_secondary_exec_control(vmx, control)
+control
