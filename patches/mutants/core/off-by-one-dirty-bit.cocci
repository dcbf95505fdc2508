// SPDX-License-Identifier: GPL-2.0-only
// The next slot is marked dirty.
@@
@@
-(smsrs->dirty | slots) & ~clean
+(smsrs->dirty | slots << 1) & ~clean
