// SPDX-License-Identifier: GPL-2.0-only
// A fault teaches nothing.
@@
identifier g;
@@
-g->eager = g->backoff;
+g->eager = 0;
