# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Coccinelle leaves the comment above a statement that it removes if no empty line follows. Up to
# 5.5.
/^	\/\*$/ {
	N
	/\n	 \* Note that guest MSRs to be saved\/restored can also be changed$/ {
		:more
		/\*\/$/d
		N
		b more
	}
}
