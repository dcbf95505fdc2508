# SPDX-License-Identifier: GPL-2.0-only
# struct kvm_arch gets the VM's number. Every kernel.
/^	atomic_t noncoherent_dma_count;$/a\
	u64 shared_msr_owner;
