# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Names, in comments and messages, too.
/isn't included by kvm_find_user_return_msr/ {
	N
	s/isn't included by kvm_find_user_return_msr/is not a shared MSR/
	s/\n[	 ]*/\n			       /
}
/^	* \* before returning to user space\.$/ {
	n
	/^	* \*$/ {
		N
		/this_cpu_ptr(user_return_msrs)/ {
			N
			N
			d
		}
	}
}
s/\<tdx_uret_msr\(s\{0,1\}\)\>/tdx_shared_msr\1/g
s/user-return MSRs/shared MSRs/
