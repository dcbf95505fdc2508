// SPDX-License-Identifier: GPL-2.0-only
// A set is said to be loaded, and is not.
@@
expression passthrough;
@@
 kvm_load_slots(smsrs, set->owner, set->msrs, 0,
-	       slots
+	       0
	       , passthrough, false)
