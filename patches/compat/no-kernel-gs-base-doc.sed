# SPDX-License-Identifier: GPL-2.0-only
# Without the patch that switches KERNEL_GS_BASE by SWAPGS: its section, and what kernel-doc reads.
/^KERNEL_GS_BASE$/,/^\(What must hold\|必须成立的规则\)$/{
	/^\(What must hold\|必须成立的规则\)$/!d
}
/^$/{
	N
	/\n\.\. kernel-doc::.*\/kernel_gs_base\.[ch]$/d
	P
	D
}
