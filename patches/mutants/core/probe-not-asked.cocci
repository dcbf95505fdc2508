// SPDX-License-Identifier: GPL-2.0-only
// An MSR that the CPU does not have gets a slot.
@@
@@
-if (err)
-	return -ENXIO;
