// SPDX-License-Identifier: GPL-2.0-only
// A set counts as loaded on a CPU that has virtualization disabled.
@@
identifier smsrs, generation, out;
@@
 kvm_load_shared_msrs(..., u64 generation)
 {
 ...
 if (!smsrs->online)
-	goto out;
+	goto note;
 ...
+note:
 smsrs->generation = generation;
 ...
 }
