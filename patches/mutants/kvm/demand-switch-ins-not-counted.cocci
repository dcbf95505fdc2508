// SPDX-License-Identifier: GPL-2.0-only
// The predictor waits for switch-ins that never come.
@@
expression vmx;
@@
-vmx->demand.switch_ins++;
