// SPDX-License-Identifier: GPL-2.0-only
// A value that the hardware refuses is the guest's nevertheless.
@@
expression msr, E;
@@
 vmx_set_guest_shared_msr(...)
 {
 <...
-if (!ret) {
-	msr->data = E;
+msr->data = E;
+if (!ret) {
 	...
 }
 ...>
 }
