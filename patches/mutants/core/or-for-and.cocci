// SPDX-License-Identifier: GPL-2.0-only
// | for &: all bits of the mask are set.
@@
identifier values, msr;
@@
-return (msr->data & msr->mask) | (values->host & ~msr->mask);
+return (msr->data | msr->mask) | (values->host & ~msr->mask);
