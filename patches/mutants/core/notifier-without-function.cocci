// SPDX-License-Identifier: GPL-2.0-only
// The notifier does not know what to call.
@@
identifier smsrs;
@@
-smsrs->urn.on_user_return = kvm_on_user_return;
