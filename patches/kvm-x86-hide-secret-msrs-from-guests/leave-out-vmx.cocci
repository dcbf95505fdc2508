// SPDX-License-Identifier: GPL-2.0-only
@whose@
expression number;
@@
-vmx->shared_msrs.set.owner = number;

@set@
expression owner, slot, data, mask;
@@
 kvm_set_shared_msr(
-		   owner,
 		   slot, data, mask)
