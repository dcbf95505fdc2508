// SPDX-License-Identifier: GPL-2.0-only
// The host's values are sampled once and for all.
// Past bug: something else changes the MSR, and the cached value is stale.
@@
identifier smsrs, slot, value;
@@
 WARN_ON_ONCE(rdmsrl_safe(shared_msrs_global.msrs[slot], &value));
+if (smsrs->urn.on_user_return)
+	continue;
 smsrs->values[slot].host = value;
