# SPDX-License-Identifier: GPL-2.0-only
# Up to 6.0 every test is named here; later kernels ignore whatever has no known ending.
s,^\(/x86.*/\)set_sregs_test$,&\n\1shared_msrs_bad_value_test\n\1shared_msrs_count_test\n\1shared_msrs_demand_test\n\1shared_msrs_host_test\n\1shared_msrs_hotplug_test\n\1shared_msrs_nested_test\n\1shared_msrs_secret_test\n\1shared_msrs_state_test\n\1shared_msrs_stress_test\n\1shared_msrs_test\n\1shared_msrs_tsx_ctrl_test,
s,^\(/x86.*/\)kvm_pv_test$,\1kernel_gs_base_test\n&,
