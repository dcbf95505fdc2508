// SPDX-License-Identifier: GPL-2.0-only
@load@
expression owner, set, slots;
@@
 kvm_load_shared_msrs(
-		     owner,
 		     set, slots)

@set@
expression owner, slot, data, mask;
@@
 kvm_set_shared_msr(
-		   owner,
 		   slot, data, mask)
