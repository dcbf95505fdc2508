// SPDX-License-Identifier: GPL-2.0-only
// All values of a set are written, loaded or not.
@@
identifier values, value;
expression E;
@@
-value != values->curr && E
+E
