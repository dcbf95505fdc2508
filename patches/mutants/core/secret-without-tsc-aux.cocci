// SPDX-License-Identifier: GPL-2.0-only
// TSC_AUX is not taken for a secret.
@@
@@
-kvm_shared_msr_is_secret(msr)
+(msr != MSR_TSC_AUX && kvm_shared_msr_is_secret(msr))
