// SPDX-License-Identifier: GPL-2.0-only
// The fault opens no gate.
@@
@@
 vmx_demand_fault(...)
 {
 <...
-vmx_demand_open(vmx, groups);
 ...>
 }
