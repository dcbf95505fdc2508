// SPDX-License-Identifier: GPL-2.0-only
// A CPU that holds the values from before a WRMSR on another one still counts as holding them all.
@@
expression vmx;
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-vmx_renew_shared_msrs(vmx);
 ...>
 }
