// SPDX-License-Identifier: GPL-2.0-only
// SYSCALL gets a gate where the VMCS does not switch EFER.
@@
@@
-return cpu_has_load_ia32_efer();
+return true;
