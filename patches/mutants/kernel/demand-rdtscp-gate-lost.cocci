// SPDX-License-Identifier: GPL-2.0-only
// "Enable RDTSCP" stays set, whatever the gate is taken for.
@@
expression vmx, control;
@@
-secondary_exec_controls_clearbit(vmx, control);
+secondary_exec_controls_setbit(vmx, control);
