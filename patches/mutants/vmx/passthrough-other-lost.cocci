// SPDX-License-Identifier: GPL-2.0-only
// What the guest has written to one group is lost when the other is passed through.
@@
@@
 vmx_passthrough_begin(...)
 {
 <...
-kvm_read_back_shared_msrs(set);
 ...>
 }
