# SPDX-License-Identifier: GPL-2.0-only
# Up to 6.4 the kernel has no name for the feature.
/^#include <linux\/cpufeature\.h>$/d
s/^#include <linux\/errno\.h>$/&\
#include <linux\/processor.h>/
/^	return boot_cpu_has(X86_FEATURE_WRMSRNS);$/c\
	u32 eax, ebx, ecx, edx;\
\
	if (boot_cpu_data.cpuid_level < 7 || cpuid_eax(7) < 1)\
		return false;\
\
	/* Intel SDM volume 2, "CPUID" */\
	cpuid_count(7, 1, &eax, &ebx, &ecx, &edx);\
	return eax & BIT(19);
