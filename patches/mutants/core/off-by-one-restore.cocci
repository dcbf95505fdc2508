// SPDX-License-Identifier: GPL-2.0-only
// Restores to the next slot's MSR.
@@
expression slot, value;
@@
-wrmsrl(shared_msrs_global.msrs[slot], value);
+wrmsrl(shared_msrs_global.msrs[slot + 1], value);
