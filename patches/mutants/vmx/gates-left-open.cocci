// SPDX-License-Identifier: GPL-2.0-only
// No gate is closed, and nothing is loaded.
@@
statement S;
@@
-if (gated != demand->gated) S
