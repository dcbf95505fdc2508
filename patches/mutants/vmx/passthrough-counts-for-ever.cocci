// SPDX-License-Identifier: GPL-2.0-only
// WRMSRs of any time ago count.
@@
statement S;
@@
-if (passthrough->since != vmx->vcpu.stat.host_state_reload) S
