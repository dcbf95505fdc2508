// SPDX-License-Identifier: GPL-2.0-only
// Of a set only the first value is loaded.
@@
expression passthrough;
@@
 kvm_load_slots(smsrs, set->owner, set->msrs, 0,
-	       slots
+	       slots & -slots
	       , passthrough, false)
