// SPDX-License-Identifier: GPL-2.0-only
// A guest's WRMSR is as if it were of no VM.
@@
expression list args;
@@
 kvm_set_shared_msr(
-		   vmx->shared_msrs.set.owner
+		   0
		   , args)
