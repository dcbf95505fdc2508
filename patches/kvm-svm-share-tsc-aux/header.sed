# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 5.12 TSC_AUX is switched with the MSRs that the host's user mode needs back at every
# vCPU put. Coccinelle does not see into an initializer with a condition in it.
/host_save_user_msrs\[\] = {/,/^};/ {
	/^\tMSR_TSC_AUX,$/d
	/^\t{ \.index = MSR_TSC_AUX,/d
}
