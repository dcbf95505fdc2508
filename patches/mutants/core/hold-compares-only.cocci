// SPDX-License-Identifier: GPL-2.0-only
// A VM's values count as held where anybody's are the same.
@@
statement S;
@@
-if (secret && (smsrs->owner != set->owner || secret & smsrs->foreign)) S
