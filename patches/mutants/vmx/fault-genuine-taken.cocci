// SPDX-License-Identifier: GPL-2.0-only
// A #UD that no gate has to do with is taken for one's.
@@
expression vcpu;
@@
-groups = vmx_demand_decode(vcpu) & demand->gated;
+groups = vmx_demand_decode(vcpu);
