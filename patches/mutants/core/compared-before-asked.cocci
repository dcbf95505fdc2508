// SPDX-License-Identifier: GPL-2.0-only
// How long it takes depends on somebody else's value, although the outcome does not.
@@
expression bit, value, current;
@@
-foreign & bit || value != current
+value != current || foreign & bit
