// SPDX-License-Identifier: GPL-2.0-only
// WRMSRNS is taken for an instruction that is never refused.
@@
@@
-wrmsrns_safe(msr, value)
+(wrmsrns_safe(msr, value), false)
