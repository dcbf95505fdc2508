// SPDX-License-Identifier: GPL-2.0-only
// The host's value is sampled, the current one is not.
// Past bug: the cached value is stale.
@@
@@
-values->curr = values->host;
