# SPDX-License-Identifier: GPL-2.0-only
# In alphabetical order.
0,/^	kvm-intel\.e/{
	/^	kvm-intel\.e/i\
	kvm-intel.demand_shared_msrs=\
			[KVM,Intel] Load a guest's values of the SYSCALL MSRs\
			and of TSC_AUX only when it executes an instruction\
			that uses them. See\
			Documentation/virt/kvm/x86/shared-msrs.rst.\
			Default is 1 (enabled)\

}
