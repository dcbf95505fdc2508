// SPDX-License-Identifier: GPL-2.0-only
// Slot 0 is taken for "not found".
@@
expression msr;
@@
-kvm_find_shared_msr(msr) >= 0
+kvm_find_shared_msr(msr) > 0
