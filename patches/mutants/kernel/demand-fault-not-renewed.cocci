// SPDX-License-Identifier: GPL-2.0-only
// After a fault a CPU that holds what was loaded before it counts as holding all.
@@
expression vmx;
@@
 vmx_demand_fault(...)
 {
 <...
-vmx_renew_shared_msrs(vmx);
 ...>
 }
