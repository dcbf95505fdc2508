// SPDX-License-Identifier: GPL-2.0-only
// What a gate is closed for is loaded nevertheless.
@@
@@
-load &= ~slots;
