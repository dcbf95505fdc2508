// SPDX-License-Identifier: GPL-2.0-only
// A new value of EFER is not loaded where the VMCS does not switch it.
@@
expression E;
@@
-if (E && cpu_has_load_ia32_efer())
+if (E)
 	return;
