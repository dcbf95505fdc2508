// SPDX-License-Identifier: GPL-2.0-only
// The values of a set are compared with the host's instead of the current ones.
@@
identifier values, value;
expression E;
@@
-value != values->curr && E
+value != values->host && E
