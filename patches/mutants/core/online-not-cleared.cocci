// SPDX-License-Identifier: GPL-2.0-only
// Values are loaded after virtualization was disabled.
@@
identifier smsrs;
@@
-smsrs->online = false;
