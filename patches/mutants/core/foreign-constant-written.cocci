// SPDX-License-Identifier: GPL-2.0-only
// A value that is no secret is written because the current one is somebody else's.
@@
@@
-foreign = secret & smsrs->foreign;
+foreign = smsrs->foreign;
