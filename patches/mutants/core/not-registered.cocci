// SPDX-License-Identifier: GPL-2.0-only
// The notifier is never registered.
@@
identifier smsrs;
@@
-user_return_notifier_register(&smsrs->urn);
