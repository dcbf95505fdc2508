// SPDX-License-Identifier: GPL-2.0-only
// Every kernel. For good: neither VMXOFF nor an SMI, whose handler runs without VMX, undoes it.
@owner@
@@
 vmx->nested.vmxon = true;
+
+/* All its guests are one VM here. They must not guess its secrets. */
+vmx->shared_msrs.set.owner = 0;
