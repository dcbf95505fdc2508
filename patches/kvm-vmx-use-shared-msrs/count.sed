# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# MAX_NR_USER_RETURN_MSRS is VMX_NR_SHARED_MSRS in vmx/shared_msrs.h now. It is defined in both
# arms of a condition, which Coccinelle would leave behind empty.
/^#ifdef CONFIG_X86_64$/ {
	N
	/MAX_NR_USER_RETURN_MSRS/ {
		N
		N
		N
		N
		d
	}
}
