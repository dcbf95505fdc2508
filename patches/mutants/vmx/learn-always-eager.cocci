// SPDX-License-Identifier: GPL-2.0-only
// A gate that was closed for nothing teaches nothing.
@@
identifier g;
expression E;
@@
-if (E)
-	g->backoff = 0;
