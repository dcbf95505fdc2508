// SPDX-License-Identifier: GPL-2.0-only
// A VM without a number owns what another one has loaded.
@@
@@
-owner ?: ~0ull
+owner
