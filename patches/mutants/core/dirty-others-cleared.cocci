// SPDX-License-Identifier: GPL-2.0-only
// The other slots' bits are cleared instead: a missing ~.
@@
@@
-(smsrs->dirty | slots) & ~clean
+(smsrs->dirty | slots) & (clean ?: ~clean)
