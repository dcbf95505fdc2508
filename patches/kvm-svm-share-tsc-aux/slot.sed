# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# From 5.13 on the slot is there under another name. Not by Coccinelle, which misplaces the
# attribute in the declaration.
s/\<tsc_aux_uret_slot\>/tsc_aux_slot/g
# 6.6 to 6.17: the host's save area is not initialized once any more.
s/(which has been initialized in svm_[a-z_]*())/(which gets the current value in svm_prepare_switch_to_guest())/
/(which has been initialized in$/ {
	N
	s/(which has been initialized in\n\(.*\* \)svm_[a-z_]*())/(which gets the current value\n\1in svm_prepare_switch_to_guest())/
}
# 6.1: Coccinelle writes it on one line.
s/^\([	 ]*\)\(if (likely(tsc_aux_slot >= 0) &&\) \((!boot_cpu_has.*\)/\1\2\n\1    \3/
# Comments of 6.1 and later that name what is replaced.
s/\(switched via the \)user return hook\./\1shared MSR core./
s/\(via the \)user_return MSR infrastructure\( (not\)\{0,1\}/\1shared MSR core\2/
s/\(The \)user return MSR\( support is not\)/\1shared MSR\2/
s/\(and switch it via \|Intercept TSC_AUX and switch it via \)user return\./\1the shared MSR core./
s/^\(\t* \* \)user return value, so that/\1value, so that/
