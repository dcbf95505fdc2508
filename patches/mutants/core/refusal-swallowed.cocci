// SPDX-License-Identifier: GPL-2.0-only
// A value that the MSR refuses is reported as loaded.
@@
identifier ret;
@@
 kvm_set_shared_msr(...)
 {
 ...
-int ret = 1;
+int ret = 0;
 ...
 }
