// SPDX-License-Identifier: GPL-2.0-only
@whose@
type T;
parameter list ps;
@@
-T vmx_shared_msr_owner(ps) { ... }

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
