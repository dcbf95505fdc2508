// SPDX-License-Identifier: GPL-2.0-only
// WRMSRLIST is taken for one that writes all.
@@
identifier failed, left;
@@
-failed |= left & -left;
