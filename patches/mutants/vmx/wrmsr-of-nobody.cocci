// SPDX-License-Identifier: GPL-2.0-only
// A guest's WRMSR is as if it were of no VM.
@@
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-vmx_shared_msr_owner(vmx)
+0
 ...>
 }
