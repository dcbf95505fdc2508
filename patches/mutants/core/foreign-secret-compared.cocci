// SPDX-License-Identifier: GPL-2.0-only
// A secret value is compared with somebody else's, and not written if the two are equal.
@@
@@
-foreign = secret & smsrs->foreign;
+foreign = 0;
