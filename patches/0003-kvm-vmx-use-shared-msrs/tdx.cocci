// SPDX-License-Identifier: GPL-2.0-only
// What the TDX module leaves in the shared MSRs is loaded before it runs, so that the core knows
// it. 7.3.
@slot_type@
@@
 struct tdx_uret_msr {
 ...
-unsigned int slot;
+int slot;
 ...
 };

// 7.3.
@find@
expression found, msr;
@@
-found = kvm_find_user_return_msr(msr);
+found = kvm_find_shared_msr(msr);
 if (
-    found == -1
+    found < 0
    ) { ... }

// 7.3.
@load@
expression number, data;
@@
-kvm_set_user_return_msr(number, data, -1ull)
+kvm_set_shared_msr(number, data, ~0ull)
