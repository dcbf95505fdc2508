// SPDX-License-Identifier: GPL-2.0-only
// A value that was loaded is reported as refused.
@@
@@
-return !!refused;
+return !refused;
