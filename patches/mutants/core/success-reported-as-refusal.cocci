// SPDX-License-Identifier: GPL-2.0-only
// A value that was loaded is reported as refused.
@@
expression E;
@@
 kvm_set_shared_msr(...)
 {
 <...
-ret = E;
+E;
 ...>
 }
