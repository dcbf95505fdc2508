// SPDX-License-Identifier: GPL-2.0-only
// TSX_CTRL is not loaded where the host runs with TSX on.
@@
@@
-boot_cpu_has(X86_FEATURE_RTM)
+!boot_cpu_has(X86_FEATURE_RTM)
