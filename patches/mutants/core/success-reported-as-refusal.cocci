// SPDX-License-Identifier: GPL-2.0-only
// A value that was loaded is reported as refused.
@@
identifier ret;
@@
 kvm_set_shared_msr(...)
 {
 <...
-ret = 0;
 ...>
 }
