// SPDX-License-Identifier: GPL-2.0-only
// A secret value is compared with the host's.
@@
expression bit, different;
@@
-foreign & bit || different
+foreign & bit && value != values->host || different
