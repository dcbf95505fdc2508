// SPDX-License-Identifier: GPL-2.0-only
// What the guest has written is lost when its MSRs are intercepted again.
@@
@@
 vmx_passthrough_keep(...)
 {
 <...
-vmx_passthrough_read_back(vmx);
 ...>
 }
