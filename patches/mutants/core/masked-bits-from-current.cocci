// SPDX-License-Identifier: GPL-2.0-only
// Masked bits come from what is loaded, which may be another guest's.
@@
identifier values, msr;
@@
-return (msr->data & msr->mask) | (values->host & ~msr->mask);
+return (msr->data & msr->mask) | (values->curr & ~msr->mask);
