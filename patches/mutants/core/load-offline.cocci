// SPDX-License-Identifier: GPL-2.0-only
// A set is loaded on a CPU that has virtualization disabled.
@@
identifier smsrs, out;
@@
-if (!smsrs->online)
-	goto out;
