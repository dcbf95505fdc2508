// SPDX-License-Identifier: GPL-2.0-only
// Each VM-entry looks whether the values are loaded, as a vCPU that is switched in does.
@@
identifier state;
@@
+if (!kvm_shared_msrs_loaded(&vmx->shared_msrs.set))
+	vmx_demand_load_shared_msrs(vmx);
+if (vmx->demand.gated)
+	++vmx->vcpu.stat.shared_msr_gated;
 if (state->guest_state_loaded)
	return;
