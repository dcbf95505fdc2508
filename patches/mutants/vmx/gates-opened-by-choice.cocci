// SPDX-License-Identifier: GPL-2.0-only
// Closing one group's gate opens the other group's, and loads nothing.
@@
@@
-unsigned long gated = demand->gated;
+unsigned long gated = 0;
