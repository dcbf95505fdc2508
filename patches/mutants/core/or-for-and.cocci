// SPDX-License-Identifier: GPL-2.0-only
// | for &: all bits of the mask are set.
@@
identifier value, mask;
@@
-(value & mask)
+(value | mask)
