# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 6.0 tests are named here; later kernels ignore whatever has no known ending.
s,^\(/x86.*/\)set_sregs_test$,&\
\1shared_msrs*_test,
