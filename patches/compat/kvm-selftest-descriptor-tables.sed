# SPDX-License-Identifier: GPL-2.0-only
# From 6.10 on every VM has descriptor tables from the start.
/^	vm_init_descriptor_tables(vm);$/d
/^	for (i = 0; i < nr; i++)$/ {
	N
	/vcpu_init_descriptor_tables/d
}
