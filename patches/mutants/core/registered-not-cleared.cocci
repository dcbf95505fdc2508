// SPDX-License-Identifier: GPL-2.0-only
// The notifier is taken for registered once it has been called.
@@
identifier smsrs;
@@
-smsrs->registered = false;
