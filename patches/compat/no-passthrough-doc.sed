# SPDX-License-Identifier: GPL-2.0-only
# Without the patch that passes shared MSRs through: its section, and what kernel-doc reads.
/^Pass-through$/,/^What a guest can learn$/{
	/^What a guest can learn$/!d
}
/^\.\. kernel-doc::.*\/passthrough_shared_msrs\.[ch]$/,+1d
