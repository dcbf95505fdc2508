// SPDX-License-Identifier: GPL-2.0-only
// The mask is not applied at all.
@@
identifier values, data, mask;
@@
-return (data & mask) | (values->host & ~mask);
+return data;
