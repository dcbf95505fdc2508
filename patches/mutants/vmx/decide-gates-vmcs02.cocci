// SPDX-License-Identifier: GPL-2.0-only
// Gates are closed in whichever VMCS is the current one.
@@
expression vmx;
@@
-vmx->loaded_vmcs != &vmx->vmcs01
+!vmx->loaded_vmcs
