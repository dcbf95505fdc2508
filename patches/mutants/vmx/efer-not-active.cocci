// SPDX-License-Identifier: GPL-2.0-only
// EFER is not loaded where the VMCS does not switch it.
@@
@@
 vmx_setup_shared_msrs(...)
 {
 <...
-efer && !cpu_has_load_ia32_efer()
+0
 ...>
 }
