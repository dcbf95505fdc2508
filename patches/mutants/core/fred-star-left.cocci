// SPDX-License-Identifier: GPL-2.0-only
// With FRED, STAR is taken for unused as well.
@@
@@
 kvm_define_shared_msr(...)
 {
 <...
-if (kvm_user_mode_uses(...))
+if (!cpu_runs_fred())
	global->user |= ...;
 ...>
 }
