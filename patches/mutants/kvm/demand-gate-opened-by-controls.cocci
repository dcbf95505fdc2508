// SPDX-License-Identifier: GPL-2.0-only
// Whoever computes the secondary controls opens the gate unnoticed.
@@
expression vmx, control;
@@
-vmx_demand_secondary_exec_control(vmx, control)
+control
