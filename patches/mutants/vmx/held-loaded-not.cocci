// SPDX-License-Identifier: GPL-2.0-only
// Values that wait for their time without a gate count as held, and are not loaded.
@@
@@
 close_at = min(...);
+load &= ~slots;
