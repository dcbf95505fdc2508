// SPDX-License-Identifier: GPL-2.0-only
// The gates that a switch-in closes are not counted.
@@
expression vmx;
statement S;
@@
+if (vmx->demand.gated)
+	++vmx->vcpu.stat.shared_msr_gated;
 if (!kvm_shared_msrs_loaded(&vmx->shared_msrs.set)) S
-if (vmx->demand.gated)
- 	++vmx->vcpu.stat.shared_msr_gated;
