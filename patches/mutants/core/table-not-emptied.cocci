// SPDX-License-Identifier: GPL-2.0-only
// The table of the module loaded before is still there.
@@
@@
-memset(&shared_msrs_global, 0, sizeof(shared_msrs_global));
