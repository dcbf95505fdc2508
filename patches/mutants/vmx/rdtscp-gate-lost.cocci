// SPDX-License-Identifier: GPL-2.0-only
// "Enable RDTSCP" stays set, whatever the gate is taken for.
@@
identifier control;
@@
 vmx_demand_secondary_exec_control(...)
 {
 <...
-control &= ~SECONDARY_EXEC_ENABLE_RDTSCP;
+;
 ...>
 }
