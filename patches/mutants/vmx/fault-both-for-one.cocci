// SPDX-License-Identifier: GPL-2.0-only
// The fault of one group loads both.
@@
expression vcpu;
@@
-vmx_demand_decode(vcpu)
+(vmx_demand_decode(vcpu) ? ~0ul : 0)
