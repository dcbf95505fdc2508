// SPDX-License-Identifier: GPL-2.0-only
// The notifier is never unregistered.
@@
identifier smsrs;
@@
-user_return_notifier_unregister(&smsrs->urn);
