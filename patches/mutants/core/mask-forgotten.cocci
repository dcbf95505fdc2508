// SPDX-License-Identifier: GPL-2.0-only
// The mask is not applied at all.
@@
identifier values, msr;
@@
-return (msr->data & msr->mask) | (values->host & ~msr->mask);
+return msr->data;
