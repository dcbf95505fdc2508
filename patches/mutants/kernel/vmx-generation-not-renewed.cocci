// SPDX-License-Identifier: GPL-2.0-only
// What becomes active counts as loaded where the values before it were.
@@
expression vmx;
@@
 vmx_setup_shared_msrs(...)
 {
 ...
-vmx_renew_shared_msrs(vmx);
 ...
 }
