// SPDX-License-Identifier: GPL-2.0-only
// Another vCPU's secret of the same VM is left where the CPU refuses the guest's value.
@@
@@
-refused &= shared_msrs_global.secret;
+refused &= shared_msrs_global.secret & smsrs->foreign;
