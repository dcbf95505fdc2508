// SPDX-License-Identifier: GPL-2.0-only
// "Enable RDTSCP" is never set again.
@@
expression vmx;
@@
-secondary_exec_controls_get(vmx) | SECONDARY_EXEC_ENABLE_RDTSCP
+secondary_exec_controls_get(vmx)
