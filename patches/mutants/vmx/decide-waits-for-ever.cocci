// SPDX-License-Identifier: GPL-2.0-only
// What is loaded without a gate never gets one again.
@@
expression demand, E;
@@
-E >= demand->decide_at
+E > U64_MAX - 1
