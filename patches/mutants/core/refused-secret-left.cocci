// SPDX-License-Identifier: GPL-2.0-only
// Somebody else's secret is left where the CPU refuses the guest's value.
@@
expression E;
statement S;
@@
-if (!set || !(foreign & BIT(slot)) || E)
	S
