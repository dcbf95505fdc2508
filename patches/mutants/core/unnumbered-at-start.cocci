// SPDX-License-Identifier: GPL-2.0-only
// A VM without a number owns what is there when the CPU comes online, and what it loads first.
@@
@@
-smsrs->owner = ~0ull;
