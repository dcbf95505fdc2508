// SPDX-License-Identifier: GPL-2.0-only
// The predictor waits for loads that never come.
@@
@@
---vmx->demand.left <= 0
+vmx->demand.left <= 0
