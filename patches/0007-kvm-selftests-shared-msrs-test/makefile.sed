# SPDX-License-Identifier: GPL-2.0-only
# The lists are in alphabetical order, more or less; the folder is x86 or x86_64.
s,^\(TEST_GEN_PROGS_x86.*/\)set_sregs_test$,&\n\1shared_msrs_test,
