// SPDX-License-Identifier: GPL-2.0-only
// Values that a vCPU had before the last change still count as its own.
@@
expression vmx;
@@
 vmx_change_shared_msrs(...)
 {
 ...
+if (vmx->shared_msrs.generation)
+	return;
 vmx->shared_msrs.generation = ...;
 }
