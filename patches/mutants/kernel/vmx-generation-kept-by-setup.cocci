// SPDX-License-Identifier: GPL-2.0-only
// A CPU that holds what was active before counts as holding what has become active.
@@
expression vmx;
@@
 vmx_setup_shared_msrs(...)
 {
 ...
-vmx_renew_shared_msrs(vmx);
 ...
 }
