// SPDX-License-Identifier: GPL-2.0-only
// Without FRED the MSRs that only FRED makes useless are left to the guest.
@@
@@
-!cpu_runs_fred()
+false
