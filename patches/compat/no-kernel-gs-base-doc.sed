# SPDX-License-Identifier: GPL-2.0-only
# Without the patch that switches KERNEL_GS_BASE by SWAPGS: its section, and what kernel-doc reads.
/^KERNEL_GS_BASE$/,/^What must hold$/{
	/^What must hold$/!d
}
/^\.\. kernel-doc::.*\/demand_shared_msrs\.c$/q
