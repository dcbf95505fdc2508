# SPDX-License-Identifier: GPL-2.0-only
# The lists are in alphabetical order, more or less; the folder is x86 or x86_64.
s,^\(TEST_GEN_PROGS_x86.*/\)set_sregs_test$,&\
\1shared_msrs_demand_test\
\1shared_msrs_nested_test\
\1shared_msrs_passthrough_test,
# Up to 5.9 there is no kvm_pv_test.
1,/kvm_pv_test$/s,^\(TEST_GEN_PROGS_x86.*/\)\(kvm_pv\|mmio_warning\)_test$,\1kernel_gs_base_test\
&,
