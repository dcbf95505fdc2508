// SPDX-License-Identifier: GPL-2.0-only
// | for &: all bits of the mask are set.
@@
identifier values, data, mask;
@@
-return (data & mask) | (values->host & ~mask);
+return (data | mask) | (values->host & ~mask);
