// SPDX-License-Identifier: GPL-2.0-only
// The notifier is registered again for each value.
@@
identifier smsrs;
@@
-smsrs->registered = true;
