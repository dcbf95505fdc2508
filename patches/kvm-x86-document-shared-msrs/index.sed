# SPDX-License-Identifier: GPL-2.0-only
# Kernels from 5.18 on have an index of the x86 documents, before that there is one for all.
/^KVM for x86 systems$/,$ {
	/^   running-nested-guests$/a\
   shared-msrs\
   shared-msrs-measuring
}
/^   devices\/index$/a\
\
   x86/shared-msrs\
   x86/shared-msrs-measuring
# Up to 5.6 it has a short list.
/^   vcpu-requests$/ {
	$a\
   x86/shared-msrs\
   x86/shared-msrs-measuring
}
