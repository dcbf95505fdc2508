// SPDX-License-Identifier: GPL-2.0-only
// A set counts as loaded although WRMSRNS or WRMSRLIST refuses one of its values.
@@
expression E;
@@
 kvm_load_shared_msrs(..., u64 generation)
 {
 <...
 if (E)
-	generation = 0;
+	;
 ...>
 }
