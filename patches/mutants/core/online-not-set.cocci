// SPDX-License-Identifier: GPL-2.0-only
// No value is ever loaded.
@@
identifier smsrs;
@@
-smsrs->online = true;
