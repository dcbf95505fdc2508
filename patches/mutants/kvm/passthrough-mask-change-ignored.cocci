// SPDX-License-Identifier: GPL-2.0-only
// vCPUs do not hear that the VMM wants to handle other accesses than before.
@@
expression kvm, mask;
@@
 kvm->arch.user_space_msr_mask = mask;
-kvm_make_all_cpus_request(...);
