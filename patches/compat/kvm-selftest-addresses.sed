# SPDX-License-Identifier: GPL-2.0-only
# 7.3 has other names for guest-virtual addresses, and a nested guest's stack is no argument any
# more.
s/\<vm_vaddr_t\>/gva_t/g
s/\<vm_vaddr_alloc_page\>/vm_alloc_page/g
s/^\(	*\)\(prepare_vmcs(.*\), \(l2_stack.*\));$/\1\2);\
\1vmwrite(GUEST_RSP, (u64)(\3));/
