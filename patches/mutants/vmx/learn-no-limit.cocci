// SPDX-License-Identifier: GPL-2.0-only
// The predictor's patience has no end.
@@
identifier g;
@@
-g->backoff = clamp_t(...);
+g->backoff = g->backoff ? 4 * g->backoff : 1;
