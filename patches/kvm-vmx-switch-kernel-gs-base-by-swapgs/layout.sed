# SPDX-License-Identifier: GPL-2.0-only
# Coccinelle leaves the directives around the WRMSR that it removes, and joins lines.
/^#ifdef CONFIG_X86_64$/ {
	N
	/\n#endif$/d
	P
	D
}
s/^\(	vmx->msr_guest_kernel_gs_base =\) \(vmx_load_host\)/\1\n		\2/
