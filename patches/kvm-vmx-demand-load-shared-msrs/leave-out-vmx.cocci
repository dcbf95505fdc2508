// SPDX-License-Identifier: GPL-2.0-only
@reconsidered@
@@
-vmx_demand_reconsider(vmx);

@switch_in@
@@
-vmx_demand_load_shared_msrs(vmx);
+kvm_load_shared_msrs(&vmx->shared_msrs.set,
+		     vmx->shared_msrs.active);
