// SPDX-License-Identifier: GPL-2.0-only
// All values of a set are written, loaded or not.
@@
identifier values, value;
@@
-if (value == values->curr)
-	continue;
