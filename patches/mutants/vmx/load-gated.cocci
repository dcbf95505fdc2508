// SPDX-License-Identifier: GPL-2.0-only
// What a gate is closed for is loaded nevertheless.
@@
@@
-vmx->shared_msrs.active & ~vmx->demand.gated
+vmx->shared_msrs.active
