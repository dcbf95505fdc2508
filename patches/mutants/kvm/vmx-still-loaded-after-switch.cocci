// SPDX-License-Identifier: GPL-2.0-only
// A vCPU's values are taken for loaded, although something else has run since.
@@
expression vmx;
statement S;
@@
-if (!kvm_shared_msrs_loaded(&vmx->shared_msrs.set))
+if (!vmx->shared_msrs.set.cpu)
 S
