// SPDX-License-Identifier: GPL-2.0-only
// The host's values are sampled once and for all.
// Past bug: something else changes the MSR, and the cached value is stale.
@@
expression msr;
@@
+if (smsrs->urn.on_user_return)
+	continue;
 WARN_ON_ONCE(rdmsrl_safe(msr, &values->host));
