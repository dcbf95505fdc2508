// SPDX-License-Identifier: GPL-2.0-only
// Values are loaded on a CPU that has virtualization disabled.
@@
@@
-if (!smsrs->online)
-	return slots;
