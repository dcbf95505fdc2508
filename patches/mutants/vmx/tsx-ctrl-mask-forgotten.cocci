// SPDX-License-Identifier: GPL-2.0-only
// TSX_CTRL_CPUID_CLEAR is loaded.
@@
expression E;
@@
-tsx_ctrl->mask = E;
+tsx_ctrl->mask = ~0ull;
