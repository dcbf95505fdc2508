# SPDX-License-Identifier: GPL-2.0-only
# In alphabetical order.
0,/^	kvm-intel\.[q-z]/{
	/^	kvm-intel\.[q-z]/i\
	kvm-intel.passthrough_shared_msrs=\
			[KVM,Intel] Let a guest that writes the SYSCALL MSRs\
			or TSC_AUX again and again, as a hypervisor does,\
			write them without VM-exits. See\
			Documentation/virt/kvm/x86/shared-msrs.rst.\
			Default is 1 (enabled)\

}
