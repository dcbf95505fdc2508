// SPDX-License-Identifier: GPL-2.0-only
// Another set of slots is loaded under the number of the one before.
@@
expression vmx;
@@
 vmx_demand_decide(...)
 {
 <...
-vmx_renew_shared_msrs(vmx);
 ...>
 }
