# SPDX-License-Identifier: GPL-2.0-only
# From 6.15 on CPUID has a header of its own.
/^#include <asm\/asm\.h>$/a\
#include <asm/cpuid/api.h>
