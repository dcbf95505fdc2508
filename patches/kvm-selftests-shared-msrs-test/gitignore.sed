# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 6.0 every test is named here; later kernels ignore whatever has no known ending.
s,^\(/x86.*/\)set_sregs_test$,&\
\1shared_msrs_bad_value_test\
\1shared_msrs_count_test\
\1shared_msrs_cpuid_test\
\1shared_msrs_demand_test\
\1shared_msrs_efer_test\
\1shared_msrs_host_test\
\1shared_msrs_hotplug_test\
\1shared_msrs_mode_test\
\1shared_msrs_nested_test\
\1shared_msrs_secret_test\
\1shared_msrs_stress_test\
\1shared_msrs_test\
\1shared_msrs_tsx_ctrl_test\
\1shared_msrs_vcpus_test,
# Up to 5.9 there is no kvm_pv_test.
1,/kvm_pv_test$/s,^\(/x86.*/\)\(kvm_pv\|mmio_warning\)_test$,\1kernel_gs_base_test\
&,
