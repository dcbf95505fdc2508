# SPDX-License-Identifier: GPL-2.0-only
# Without the patch that passes shared MSRs through: its section, and what kernel-doc reads.
/^\(Pass-through\|直通\)$/,/^\(What a guest can learn\|客户机能得知什么\)$/{
	/^\(What a guest can learn\|客户机能得知什么\)$/!d
}
/^$/{
	N
	/\n\.\. kernel-doc::.*\/passthrough_shared_msrs\.[ch]$/d
	P
	D
}
