// SPDX-License-Identifier: GPL-2.0-only
// A vCPU loads its values as if they were of no VM.
@@
@@
 vmx_load_shared_msrs(...)
 {
 <...
-vmx_shared_msr_owner(vmx)
+0
 ...>
 }
