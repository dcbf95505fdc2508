# SPDX-License-Identifier: GPL-2.0-only
# The Chinese index of virtualization names kvm/index among what is still to do.
/^:Original: .*\/virt\/index\.rst$/,$ {
	/^   kvm\/index$/d
	/^   :maxdepth: /{
		n
		a\
   kvm/index
	}
	b
}
# 5.10 has no such index: the link is the second in the index of all documents.
0,/^   [a-z-]*\/index$/ {
	/^   [a-z-]*\/index$/a\
   virt/kvm/index
}
