// SPDX-License-Identifier: GPL-2.0-only
// A CPU that holds what was active before counts as holding what has become active.
@@
@@
 vmx_setup_shared_msrs(...)
 {
 <...
-kvm_shared_msrs_changed(...);
 ...>
 }
