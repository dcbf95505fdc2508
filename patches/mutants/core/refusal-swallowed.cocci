// SPDX-License-Identifier: GPL-2.0-only
// A value that the MSR refuses is reported as loaded.
@@
identifier ret;
@@
 kvm_write_shared_msr(...)
 {
 ...
-int ret = 1;
+int ret = 0;
 ...
 }
