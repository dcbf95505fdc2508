// SPDX-License-Identifier: GPL-2.0-only
// However many faults there are, the next gate comes as soon.
@@
identifier g;
@@
-g->backoff = clamp_t(...);
