// SPDX-License-Identifier: GPL-2.0-only
// The host's value is sampled, the current one is not.
// Past bug: the cached value is stale.
@@
identifier smsrs, slot, value;
@@
 smsrs->values[slot].host = value;
-smsrs->values[slot].curr = value;
