// SPDX-License-Identifier: GPL-2.0-only
// Two vCPUs number their sets alike.
@@
expression E;
@@
-vmx->shared_msrs.generation = E;
+vmx->shared_msrs.generation++;
