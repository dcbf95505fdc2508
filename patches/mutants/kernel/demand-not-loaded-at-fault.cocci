// SPDX-License-Identifier: GPL-2.0-only
// The fault opens the gate, and the values behind it are still not the guest's.
@@
expression vmx, load;
@@
 vmx_demand_fault(...)
 {
 <...
-vmx_load_shared_msrs(vmx, load);
 ...>
 }
