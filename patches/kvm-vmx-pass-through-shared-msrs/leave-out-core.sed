# SPDX-License-Identifier: GPL-2.0-only
/^ \*         host's or, if they are secret, was not loaded as the host's, or is$/{
	s/, or is$//
	n
	d
}
s/^\( \* @first is the slot of @msrs\[0\]\.\) Those of @passthrough are dirty whatever they$/\1 Returns the slots whose value is refused./
/^ \* hold now\. Returns the slots whose value is refused\.$/d
