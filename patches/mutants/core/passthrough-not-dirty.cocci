// SPDX-License-Identifier: GPL-2.0-only
// What is passed through is restored only if it was dirty anyway.
@@
@@
-smsrs->dirty |= slots | passthrough;
+smsrs->dirty |= slots;
