// SPDX-License-Identifier: GPL-2.0-only
// The table of the module loaded before is still there.
@@
@@
-shared_msrs_global.nr = 0;
