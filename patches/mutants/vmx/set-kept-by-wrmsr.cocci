// SPDX-License-Identifier: GPL-2.0-only
// A CPU that holds the values from before a WRMSR on another one still counts as holding them all.
@@
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-kvm_shared_msrs_changed(...);
 ...>
 }
