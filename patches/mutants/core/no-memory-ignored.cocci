// SPDX-License-Identifier: GPL-2.0-only
// A failed allocation goes unnoticed.
@@
@@
-if (!shared_msrs)
-	return -ENOMEM;
