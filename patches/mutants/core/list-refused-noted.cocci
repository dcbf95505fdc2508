// SPDX-License-Identifier: GPL-2.0-only
// What WRMSRLIST is refused counts as written.
@@
identifier listed, refused, written;
@@
-written = listed & ~refused
+written = listed
