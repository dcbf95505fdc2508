// SPDX-License-Identifier: GPL-2.0-only
// Closing the gate of one group opens that of the other, and loads nothing.
@@
@@
-unsigned long gated = demand->gated;
+unsigned long gated = 0;
