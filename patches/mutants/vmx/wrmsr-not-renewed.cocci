// SPDX-License-Identifier: GPL-2.0-only
// Where the old value was loaded it counts as the new one.
@@
expression vmx;
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-vmx_renew_shared_msrs(vmx);
 ...>
 }
