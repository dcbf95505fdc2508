// SPDX-License-Identifier: GPL-2.0-only
// Somebody else's secret is left where the CPU refuses the guest's value.
@@
statement S1, S2;
@@
-if (set && foreign & BIT(slot)) S1
-else
	S2
