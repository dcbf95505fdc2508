// SPDX-License-Identifier: GPL-2.0-only
// 6.1 and later.
// may match
@supported@
expression msr;
@@
-(!kvm_is_supported_user_return_msr(msr) && kvm_find_shared_msr(msr) < 0)
+kvm_find_shared_msr(msr) < 0
