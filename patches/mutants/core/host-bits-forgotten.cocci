// SPDX-License-Identifier: GPL-2.0-only
// Masked bits are zero instead of the host's.
@@
identifier values, data, mask;
@@
-return (data & mask) | (values->host & ~mask);
+return data & mask;
