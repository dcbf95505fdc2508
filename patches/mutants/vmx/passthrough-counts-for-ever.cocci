// SPDX-License-Identifier: GPL-2.0-only
// WRMSRs of any time ago count.
@@
statement S;
@@
-if (passthrough->load != vmx_demand_loads(&vmx->demand)) S
