// SPDX-License-Identifier: GPL-2.0-only
// Nothing is restored when the CPU returns to user mode.
@@
identifier slot, value;
@@
-wrmsrl(shared_msrs_global.msrs[slot], value->host);
+(void)slot;
