// SPDX-License-Identifier: GPL-2.0-only
// Nobody knows that values are loaded only because the CPU held them.
@@
@@
-held |= slots;
