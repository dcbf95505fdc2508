# SPDX-License-Identifier: GPL-2.0-only
# The lists are in alphabetical order, more or less; the folder is x86 or x86_64.
s,^\(TEST_GEN_PROGS_x86.*/\)set_sregs_test$,&\
\1shared_msrs_bad_value_test\
\1shared_msrs_count_test\
\1shared_msrs_cpuid_test\
\1shared_msrs_demand_test\
\1shared_msrs_efer_test\
\1shared_msrs_host_test\
\1shared_msrs_hotplug_test\
\1shared_msrs_insn_test\
\1shared_msrs_mode_test\
\1shared_msrs_nested_test\
\1shared_msrs_passthrough_test\
\1shared_msrs_secret_test\
\1shared_msrs_stress_test\
\1shared_msrs_test\
\1shared_msrs_tsx_ctrl_test\
\1shared_msrs_vcpus_test,
# Up to 5.9 there is no kvm_pv_test.
1,/kvm_pv_test$/s,^\(TEST_GEN_PROGS_x86.*/\)\(kvm_pv\|mmio_warning\)_test$,\1kernel_gs_base_test\
&,

# What the tests share. Up to 5.15 the library is one line.
s,^\(LIBKVM_x86[_64]*\) +\{0\,1\}= .*\(lib/x86[_64]*/\)processor\.c.*$,&\
\1 += \2shared_msrs.c\
\1 += \2shared_msrs_asm.c\
\1 += \2shared_msrs_counters.c\
\1 += \2shared_msrs_host.c\
\1 += \2shared_msrs_script.c\
\1 += \2shared_msrs_worker.c,
# Up to 5.9 it ends there, without handlers.S: vm_exceptions.c comes with the tests.
s,^\(LIBKVM_x86_64\) = .*/ucall\.c\n.*$,&\
\1 += lib/x86_64/vm_exceptions.c,
