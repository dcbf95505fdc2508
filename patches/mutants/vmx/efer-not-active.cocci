// SPDX-License-Identifier: GPL-2.0-only
// EFER is not loaded where the VMCS does not switch it.
@@
@@
 vmx_setup_shared_msrs(...)
 {
 <...
-if (switch_efer)
+if (0)
 	active |= vmx_shared_msr_bit(MSR_EFER);
 ...>
 }
