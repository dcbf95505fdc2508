# SPDX-License-Identifier: GPL-2.0-only
# The lists are in alphabetical order, more or less; the folder is x86 or x86_64.
s,^\(TEST_GEN_PROGS_x86.*/\)set_sregs_test$,&\
\1shared_msrs_count_test\
\1shared_msrs_cpuid_test\
\1shared_msrs_efer_test\
\1shared_msrs_insn_test\
\1shared_msrs_mode_test\
\1shared_msrs_test\
\1shared_msrs_tsx_ctrl_test\
\1shared_msrs_vcpus_test,
