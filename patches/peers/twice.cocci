// SPDX-License-Identifier: GPL-2.0-only
// A vCPU that is switched in looks twice whether its values are loaded.
@@
expression vmx;
statement S;
@@
 if (!vmx->shared_msrs.loaded) S
+WRITE_ONCE(vmx->shared_msrs.loaded, false);
+barrier();
+if (!vmx->shared_msrs.loaded) S
