// SPDX-License-Identifier: GPL-2.0-only
// STAR, SYSCALL_MASK and EFER are taken for secrets.
@@
@@
-if (kvm_shared_msr_is_secret(msr))
+if (true)
	global->secret |= ...;
