// SPDX-License-Identifier: GPL-2.0-only
// Nobody knows which VM has loaded values: the own ones count as foreign.
@@
@@
-smsrs->owner = owner ?: ~0ull;
