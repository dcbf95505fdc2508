// SPDX-License-Identifier: GPL-2.0-only
// curr is not updated when the host's value is restored.
@@
identifier value;
@@
-value->curr = value->host;
