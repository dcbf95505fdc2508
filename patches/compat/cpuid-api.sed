# SPDX-License-Identifier: GPL-2.0-only
# asm/processor.h of newer kernels does not include it.
s/^#include <asm\/fsgsbase\.h>$/#include <asm\/cpuid\/api.h>\
&/
