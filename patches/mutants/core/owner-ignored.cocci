// SPDX-License-Identifier: GPL-2.0-only
// Whose values a slot holds is not asked: another VM's count as one's own.
@@
statement S;
@@
-if (smsrs->owner != owner) S
+smsrs->owner = owner;
