# SPDX-License-Identifier: GPL-2.0-only
# The lists are in alphabetical order, more or less; the folder is x86 or x86_64.
s,^\(TEST_GEN_PROGS_x86.*/\)set_sregs_test$,&\
\1shared_msrs_bad_value_test\
\1shared_msrs_host_test\
\1shared_msrs_hotplug_test\
\1shared_msrs_secret_test\
\1shared_msrs_stress_test,
