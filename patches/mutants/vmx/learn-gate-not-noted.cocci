// SPDX-License-Identifier: GPL-2.0-only
// Nobody knows which switch-in has closed a gate.
@@
expression E;
identifier g;
@@
-g->gated_at = E;
