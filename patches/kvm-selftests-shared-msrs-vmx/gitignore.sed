# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 6.0 tests are named here, and up to 5.9 there is no kvm_pv_test.
1,/kvm_pv_test$/s,^\(/x86.*/\)\(kvm_pv\|mmio_warning\)_test$,\1kernel_gs_base_test\
&,
