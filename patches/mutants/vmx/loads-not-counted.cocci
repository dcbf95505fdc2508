// SPDX-License-Identifier: GPL-2.0-only
// The predictor waits for loads that never come.
@@
@@
-unlikely(--vmx->demand.left <= 0)
+unlikely(vmx->demand.left <= 0)
