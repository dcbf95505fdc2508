# SPDX-License-Identifier: GPL-2.0-only
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
