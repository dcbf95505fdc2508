// SPDX-License-Identifier: GPL-2.0-only
// A fault teaches nothing.
@@
identifier g;
expression E;
@@
-g->eager_until = E;
