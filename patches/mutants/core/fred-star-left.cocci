// SPDX-License-Identifier: GPL-2.0-only
// With FRED, STAR is taken for unused as well.
@@
@@
 kvm_user_mode_uses(...)
 {
 <...
-return true;
+return msr != MSR_STAR || !cpu_runs_fred();
 ...>
 }
