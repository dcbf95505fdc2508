// SPDX-License-Identifier: GPL-2.0-only
// LSTAR is not taken for a secret.
@@
@@
-if (kvm_shared_msr_is_secret(msr))
+if (msr != MSR_LSTAR && kvm_shared_msr_is_secret(msr))
	global->secret |= ...;
