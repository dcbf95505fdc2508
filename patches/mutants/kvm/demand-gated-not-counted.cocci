// SPDX-License-Identifier: GPL-2.0-only
// KVM's statistics say that no vCPU runs behind a gate.
@@
expression vmx;
@@
-if (vmx->demand.gated)
- 	++vmx->vcpu.stat.shared_msr_gated;
