// SPDX-License-Identifier: GPL-2.0-only
// The vCPU that is switched out in the handler may find another gate.
@@
identifier g;
@@
-if (!vmx->guest_state_loaded)
-	g->eager_until++;
