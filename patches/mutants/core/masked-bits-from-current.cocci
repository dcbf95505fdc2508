// SPDX-License-Identifier: GPL-2.0-only
// Masked bits come from what is loaded, which may be another guest's.
@@
identifier values, data, mask;
@@
-return (data & mask) | (values->host & ~mask);
+return (data & mask) | (values->curr & ~mask);
