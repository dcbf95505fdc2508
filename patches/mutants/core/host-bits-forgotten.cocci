// SPDX-License-Identifier: GPL-2.0-only
// Masked bits are zero instead of the host's.
@@
identifier values, msr;
@@
-return (msr->data & msr->mask) | (values->host & ~msr->mask);
+return msr->data & msr->mask;
