// SPDX-License-Identifier: GPL-2.0-only
// A secret value is written although the slot holds it for the same VM.
@@
@@
-foreign = secret & smsrs->foreign;
+foreign = secret;
