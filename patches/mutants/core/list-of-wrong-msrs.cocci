// SPDX-License-Identifier: GPL-2.0-only
// WRMSRLIST's list begins with the last MSR.
@@
identifier g, msr;
@@
-shared_msrs_list[g->nr] = msr;
+shared_msrs_list[0] = msr;
