// SPDX-License-Identifier: GPL-2.0-only
// Every kernel.
@owner@
@@
 atomic_set(&kvm->arch.noncoherent_dma_count, 0);
+kvm->arch.shared_msr_owner = kvm_new_shared_msr_owner();
