// SPDX-License-Identifier: GPL-2.0-only
// The host's TSC_AUX is not restored: user mode sees the guest's, and nothing crashes.
@@
identifier slot, value;
@@
+if (shared_msrs_global.msrs[slot] != MSR_TSC_AUX)
 wrmsrl(shared_msrs_global.msrs[slot], value->host);
