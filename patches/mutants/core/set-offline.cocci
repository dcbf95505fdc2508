// SPDX-License-Identifier: GPL-2.0-only
// A value is set on a CPU that has virtualization disabled.
@@
identifier smsrs;
expression E;
@@
-smsrs->online && E
+E
