// SPDX-License-Identifier: GPL-2.0-only
// CSTAR is not taken for a secret.
@@
@@
-if (kvm_shared_msr_is_secret(msr))
+if (msr != MSR_CSTAR && kvm_shared_msr_is_secret(msr))
	global->secret |= ...;
